package dev.culvert.node;

import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What every blocking stream of a node needs. <em>Immutable.</em>
 *
 * @param ticker by which waits are measured
 * @param clock by which deadlines are read
 * @param hooks runs what hangs on the end of a stream
 */
record Pipes(Traffic traffic, Ticker ticker, InstantSource clock, Executor hooks) {
    /** One for a stream that a caller has opened. */
    StreamPipe accepting() {
        return new StreamPipe(this, false, null);
    }

    /**
     * One for a stream that this node dials.
     *
     * @param opener opens the stream with its first bytes, for a dial that does not wait; null: it is being opened
     */
    StreamPipe dialling(StreamPipe.@Nullable Opener opener) {
        return new StreamPipe(this, true, opener);
    }

    /** The ticker's time of an instant; one that is too far away to be counted is never reached. */
    long ticksAt(Instant instant) {
        Duration left = Duration.between(clock.instant(), instant);
        return left.toDays() >= Patience.MAX_DAYS ? Patience.NEVER : ticker.nanoTime() + left.toNanos();
    }
}
