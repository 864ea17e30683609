package dev.culvert.link.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.local.LocalIoHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Ticker;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A loop out of work looks for more before it sleeps, as its budget has it. */
final class BusyPollIoTest {
    private static final long GLANCE_NANOS = 1_000;

    private final Sockets sockets = new Sockets();
    private final Clock clock = new Clock();
    private final Work work = new Work();
    private final SingleThreadIoEventLoop executor =
            new SingleThreadIoEventLoop(null, Runnable::run, LocalIoHandler.newFactory());
    private final IoHandler polling = BusyPollIo.over(sockets.factory(), clock).newHandler(executor);

    @AfterEach
    void end() {
        executor.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }

    @Test
    void an_event_that_comes_soon_is_handled_without_a_sleep() {
        sockets.eventsAtGlance = 30;

        assertThat(polling.run(work)).isEqualTo(1);

        assertThat(sockets.glances).isEqualTo(30);
        assertThat(sockets.sleeps).isZero();
    }

    @Test
    void a_task_of_another_thread_ends_the_look() {
        work.comesAtGlance = 30;

        assertThat(polling.run(work)).isZero();

        assertThat(sockets.glances).isEqualTo(30);
        assertThat(sockets.sleeps).isZero();
    }

    @Test
    void nothing_within_a_tenth_of_a_millisecond_is_waited_for_asleep() {
        assertThat(polling.run(work)).isEqualTo(7);

        assertThat(sockets.glances).isEqualTo(1 + BusyPollBudget.LOOK_NANOS / GLANCE_NANOS);
        assertThat(sockets.sleeps).isEqualTo(1);
    }

    @Test
    void a_loop_that_has_work_neither_looks_twice_nor_sleeps() {
        work.comesAtGlance = 0;

        assertThat(polling.run(work)).isZero();

        assertThat(sockets.glances).isEqualTo(1);
        assertThat(sockets.sleeps).isZero();
    }

    /** Across the end of a look, where a task or a timer that is missed would wait for ever. */
    @Test
    void no_task_of_another_thread_and_no_timer_is_missed() throws Exception {
        assumeTrue(Epoll.isAvailable(), "no epoll here: loops do not poll busily");
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, Loops.epoll(true));
        try {
            EventLoop loop = loops.next();
            Random random = new Random(7);
            for (int i = 0; i < 3_000; i++) {
                long due = random.nextInt(200_000);
                boolean timer = random.nextBoolean();
                Future<?> done = timer ? loop.schedule(() -> {}, due, TimeUnit.NANOSECONDS) : loop.submit(() -> {});
                assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
                spin(due);
            }
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).await(10, TimeUnit.SECONDS);
        }
    }

    private static void spin(long nanos) {
        long end = Ticker.systemTicker().nanoTime() + nanos;
        while (Ticker.systemTicker().nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    @Test
    void loops_over_epoll_poll_busily_unless_told_otherwise() {
        assumeTrue(Epoll.isAvailable(), "no epoll here: loops do not poll busily");
        assertThat(Loops.epoll(true).newHandler(executor)).isInstanceOf(BusyPollIo.class);
        assertThat(Loops.epoll(false).newHandler(executor)).isNotInstanceOf(BusyPollIo.class);
    }

    @Test
    void looks_in_vain_are_given_up_and_taken_up_again_later() {
        int looks = 0;
        for (int i = 0; i < 100; i++) {
            int before = sockets.glances;
            polling.run(work);
            looks += sockets.glances > before ? 1 : 0;
        }
        assertThat(looks).isBetween(20, 22);
        assertThat(sockets.sleeps).isEqualTo(100);

        clock.now += BusyPollBudget.SHARE * BusyPollBudget.MOST_NANOS;
        int before = sockets.glances;
        polling.run(work);
        assertThat(sockets.glances).isGreaterThan(before);
    }

    /** Work for the loop beside its sockets. */
    private final class Work implements IoHandlerContext {
        private int comesAtGlance = Integer.MAX_VALUE;

        @Override
        public boolean canBlock() {
            return sockets.glances < comesAtGlance;
        }

        @Override
        public long delayNanos(long now) {
            return -1;
        }

        @Override
        public long deadlineNanos() {
            return -1;
        }
    }

    /** Sockets with one event at a chosen glance, and seven for whoever sleeps. */
    private final class Sockets implements IoHandler {
        private int eventsAtGlance = Integer.MAX_VALUE;
        private int glances;
        private int sleeps;

        IoHandlerFactory factory() {
            return executor -> this;
        }

        @Override
        public int run(IoHandlerContext context) {
            if (context.canBlock()) {
                sleeps++;
                return 7;
            }
            clock.now += GLANCE_NANOS;
            glances++;
            return glances == eventsAtGlance ? 1 : 0;
        }

        @Override
        public IoRegistration register(IoHandle handle) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void wakeup() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isCompatible(Class<? extends IoHandle> handleType) {
            return false;
        }
    }

    private static final class Clock implements Ticker {
        private long now = 42;

        @Override
        public long nanoTime() {
            return now;
        }

        @Override
        public long initialNanoTime() {
            return 0;
        }

        @Override
        public void sleep(long delay, TimeUnit unit) {
            throw new UnsupportedOperationException();
        }
    }
}
