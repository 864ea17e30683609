package dev.culvert.link.transport;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.ThreadAwareExecutor;
import io.netty.util.concurrent.Ticker;

/**
 * Sockets of a loop that looks for its next event a moment longer before it sleeps, within its {@link BusyPollBudget}. Between looks it gives its
 * processor to whoever wants it. Owned by its event loop; {@link #wakeup} comes from any thread.
 */
final class BusyPollIo implements IoHandler {
    /** No event and no task either. */
    private static final int NOTHING = -1;

    private final IoHandler io;
    private final Ticker ticker;
    private final BusyPollBudget budget;

    private BusyPollIo(IoHandler io, Ticker ticker) {
        this.io = io;
        this.ticker = ticker;
        this.budget = new BusyPollBudget(ticker.nanoTime());
    }

    /** What {@code sockets} makes, polling busily. */
    static IoHandlerFactory over(IoHandlerFactory sockets, Ticker ticker) {
        return new IoHandlerFactory() {
            @Override
            public IoHandler newHandler(ThreadAwareExecutor executor) {
                return new BusyPollIo(sockets.newHandler(executor), ticker);
            }

            @Override
            public boolean isChangingThreadSupported() {
                return sockets.isChangingThreadSupported();
            }
        };
    }

    @Override
    public int run(IoHandlerContext context) {
        if (context.canBlock()) {
            long start = ticker.nanoTime();
            int handled = budget.affords(start) ? look(context, start) : NOTHING;
            if (handled != NOTHING) {
                return handled;
            }
        }
        return io.run(context);
    }

    /** Looks for an event or a task of another thread; returns how many events were handled, or {@link #NOTHING}. */
    @SuppressWarnings("ThreadPriorityCheck") // to yield is for others here; nothing waits for what it does
    private int look(IoHandlerContext context, long start) {
        IoHandlerContext glance = new Glance(context);
        long took = 0;
        while (true) {
            int handled = io.run(glance);
            boolean found = handled > 0 || !context.canBlock();
            if (found || took >= BusyPollBudget.LOOK_NANOS) {
                budget.looked(took, found);
                return found ? handled : NOTHING;
            }
            Thread.yield();
            took = ticker.nanoTime() - start;
        }
    }

    @Override
    public void wakeup() {
        io.wakeup();
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return io.register(handle);
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return io.isCompatible(handleType);
    }

    @Override
    public void initialize() {
        io.initialize();
    }

    @Override
    public void prepareToDestroy() {
        io.prepareToDestroy();
    }

    @Override
    public void destroy() {
        io.destroy();
    }

    /**
     * The loop's context for a look: it does not wait.
     *
     * @param context the loop's
     */
    private record Glance(IoHandlerContext context) implements IoHandlerContext {
        @Override
        public boolean canBlock() {
            return false;
        }

        @Override
        public long delayNanos(long now) {
            return context.delayNanos(now);
        }

        @Override
        public long deadlineNanos() {
            return context.deadlineNanos();
        }

        @Override
        public void reportActiveIoTime(long nanos) {
            context.reportActiveIoTime(nanos);
        }

        @Override
        public boolean shouldReportActiveIoTime() {
            return context.shouldReportActiveIoTime();
        }
    }
}
