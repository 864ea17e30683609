package dev.culvert.mux.sim;

import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.local.LocalIoHandler;
import io.netty.util.concurrent.Ticker;

/** An event loop that runs when the simulation says so. Owned by the simulation's thread. */
final class SimLoop extends ManualIoEventLoop {
    static final long NONE = -1;

    SimLoop(Thread owner, Ticker ticker) {
        super(null, owner, LocalIoHandler.newFactory(), ticker);
    }

    /** When the next task is due, by the simulation's clock; {@link #NONE} if there is no task. */
    long nextDeadlineNanos() {
        return nextScheduledTaskDeadlineNanos();
    }
}
