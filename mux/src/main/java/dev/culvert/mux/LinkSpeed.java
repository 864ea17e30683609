package dev.culvert.mux;

/**
 * How fast the transport takes bytes, and so how many may wait below us: what leaves within about half a millisecond, between 16 KiB and 1 MiB.
 * Less starves a fast link, more makes every small message wait. What is measured is rounds of a round trip, at least 10 ms. One during which there was
 * always more to send says how fast the link is; one with a pause in it says how fast the link is at least: it widens the bound at once and narrows it by
 * half at most, and not at all if it took twice as long as a round, since silence says nothing. How much the transport takes at once says how
 * large its buffers are. Owned by its session's event loop. Pure.
 */
final class LinkSpeed {
    static final int SMALLEST = 16 * 1024;
    static final int LARGEST = 1024 * 1024;
    private static final long ROUND_NANOS = 10_000_000;
    private static final long DWELL_NANOS = 500_000;

    private long roundStart;
    private long roundBytes;
    /** There was a time in this round when there was nothing to send. */
    private boolean paused = true;

    private int bound = 4 * SMALLEST;

    /** Begins at {@code nowNanos}. */
    LinkSpeed(long nowNanos) {
        this.roundStart = nowNanos;
    }

    /** Bytes were handed to the transport. */
    void sent(int bytes) {
        roundBytes += bytes;
    }

    /** There is more to send than one flush takes. Returns whether the bound has changed. */
    boolean blocked(long nowNanos, long roundTripNanos) {
        return look(nowNanos, roundTripNanos, false);
    }

    /** Everything has been sent. Returns whether the bound has changed. */
    boolean idle(long nowNanos, long roundTripNanos) {
        paused = true;
        return look(nowNanos, roundTripNanos, true);
    }

    /** Bytes that may wait below us. */
    int bound() {
        return bound;
    }

    /** Whether frames and turns should be large. */
    boolean isFast() {
        return bound >= LARGEST / 4;
    }

    private boolean look(long nowNanos, long roundTripNanos, boolean pausing) {
        long round = Math.max(ROUND_NANOS, roundTripNanos);
        long elapsed = nowNanos - roundStart;
        if (elapsed < round) {
            return false;
        }
        int before = bound;
        int measured = boundFor(roundBytes * DWELL_NANOS / elapsed);
        bound = paused ? Math.max(measured, elapsed > 2 * round ? bound : bound / 2) : measured;
        roundStart = nowNanos;
        roundBytes = 0;
        paused = pausing;
        return bound != before;
    }

    private static int boundFor(long bytes) {
        int step = SMALLEST;
        while (step < LARGEST && step < bytes) {
            step *= 2;
        }
        return step;
    }
}
