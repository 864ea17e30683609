package dev.culvert.node;

import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** Work beside the loops in simulated time: a task runs a little later, on the one loop. Owned by the simulation's thread. */
final class SimWorkers implements Workers {
    private static final long TASK_MICROS = 300;

    private final EventLoop loop;

    SimWorkers(EventLoop loop) {
        this.loop = loop;
    }

    @Override
    public ExecutorService blocking(String node) {
        return new Later();
    }

    /** Handlers that block have no place in simulated time. */
    @Override
    public ExecutorService handlers(String node) {
        ExecutorService none = new Later();
        none.shutdown();
        return none;
    }

    private final class Later extends AbstractExecutorService {
        private boolean over;

        @Override
        public void execute(Runnable task) {
            if (over) {
                throw new RejectedExecutionException("shut down");
            }
            loop.schedule(task, TASK_MICROS, TimeUnit.MICROSECONDS);
        }

        @Override
        public void shutdown() {
            over = true;
        }

        @Override
        public List<Runnable> shutdownNow() {
            over = true;
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return over;
        }

        @Override
        public boolean isTerminated() {
            return over;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return over;
        }
    }
}
