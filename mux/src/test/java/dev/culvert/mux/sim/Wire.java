package dev.culvert.mux.sim;

import java.time.Duration;

/**
 * What one direction of a link is like. <em>Immutable.</em>
 *
 * @param delayNanos time from one end to the other
 * @param bytesPerSecond the rate of the line; 0 for no limit
 * @param bufferBytes what the sockets of both ends hold together: bytes written and not yet read
 * @param chop in what pieces the receiver reads
 */
public record Wire(long delayNanos, long bytesPerSecond, int bufferBytes, Chop chop) {
    public Wire {
        if (delayNanos < 0 || bytesPerSecond < 0 || bufferBytes < 1) {
            throw new IllegalArgumentException("delay " + delayNanos + ", rate " + bytesPerSecond + ", buffer "
                    + bufferBytes + " (expected: >= 0, >= 0, >= 1)");
        }
    }

    /** Ten microseconds, no limit of rate, 256 KiB of buffers. */
    public static Wire lan() {
        return new Wire(10_000, 0, 256 * 1024, Chop.whole());
    }

    /** A line with this round trip, a rate, and buffers of twice what is on the way. */
    public static Wire wan(Duration roundTrip, long bytesPerSecond) {
        long onTheWay = Math.max(64 * 1024, roundTrip.toMillis() * bytesPerSecond / 500);
        return new Wire(roundTrip.toNanos() / 2, bytesPerSecond, Math.toIntExact(onTheWay), Chop.whole());
    }

    public Wire withBuffer(int bytes) {
        return new Wire(delayNanos, bytesPerSecond, bytes, chop);
    }

    public Wire withChop(Chop pieces) {
        return new Wire(delayNanos, bytesPerSecond, bufferBytes, pieces);
    }
}
