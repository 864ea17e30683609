package dev.culvert.link.transport;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.ThreadAwareExecutor;
import io.netty.util.concurrent.Ticker;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Sockets of a loop that looks for its next event a moment longer before it sleeps, within its {@link LingerBudget}. Between looks it gives its
 * processor to whoever wants it. Owned by its event loop; {@link #wakeup} comes from any thread.
 */
final class LingeringIo implements IoHandler {
    private final IoHandler io;
    private final Ticker ticker;
    private final LingerBudget budget;
    private final Glance glance = new Glance();

    private LingeringIo(IoHandler io, Ticker ticker) {
        this.io = io;
        this.ticker = ticker;
        this.budget = new LingerBudget(ticker.nanoTime());
    }

    /** What {@code sockets} makes, lingering. */
    static IoHandlerFactory over(IoHandlerFactory sockets, Ticker ticker) {
        return new IoHandlerFactory() {
            @Override
            public IoHandler newHandler(ThreadAwareExecutor executor) {
                return new LingeringIo(sockets.newHandler(executor), ticker);
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
            if (budget.affords(start)) {
                int handled = look(context, start);
                if (handled > 0 || !context.canBlock()) {
                    return handled;
                }
            }
        }
        return io.run(context);
    }

    /** Looks until there is an event or a task of another thread, or for {@link LingerBudget#LOOK_NANOS}; returns how many events were handled. */
    @SuppressWarnings("ThreadPriorityCheck") // to yield is for others here; nothing waits for what it does
    private int look(IoHandlerContext context, long start) {
        glance.context = context;
        long took = 0;
        while (true) {
            int handled = io.run(glance);
            boolean found = handled > 0 || !context.canBlock();
            if (found || took >= LingerBudget.LOOK_NANOS) {
                budget.looked(took, found);
                return handled;
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

    /** The loop's context for a look: it does not wait. */
    private static final class Glance implements IoHandlerContext {
        private @Nullable IoHandlerContext context;

        @Override
        public boolean canBlock() {
            return false;
        }

        @Override
        public long delayNanos(long now) {
            return context().delayNanos(now);
        }

        @Override
        public long deadlineNanos() {
            return context().deadlineNanos();
        }

        @Override
        public void reportActiveIoTime(long nanos) {
            context().reportActiveIoTime(nanos);
        }

        @Override
        public boolean shouldReportActiveIoTime() {
            return context().shouldReportActiveIoTime();
        }

        private IoHandlerContext context() {
            return Objects.requireNonNull(context, "no look under way");
        }
    }
}
