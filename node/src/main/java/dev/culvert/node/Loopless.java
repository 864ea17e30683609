package dev.culvert.node;

import io.netty.util.concurrent.EventExecutor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Refuses to block on an event loop, which would stop every stream on it. <em>Stateless.</em> */
final class Loopless {
    private Loopless() {}

    static void check(@Nullable EventExecutor loop) {
        if (isLoop(loop)) {
            throw new IllegalStateException("a call that blocks, on event loop "
                    + Thread.currentThread().getName() + " (expected: a thread that may wait)");
        }
    }

    /** Whether this thread is {@code loop}'s, or that of one of its siblings. */
    static boolean isLoop(@Nullable EventExecutor loop) {
        if (loop == null) {
            return false;
        }
        for (EventExecutor each : loop.parent() == null ? List.of(loop) : loop.parent()) {
            if (each.inEventLoop()) {
                return true;
            }
        }
        return false;
    }
}
