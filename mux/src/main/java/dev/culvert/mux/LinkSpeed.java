package dev.culvert.mux;

/**
 * How fast the transport takes bytes, and so how many may wait below us: what leaves within about half a millisecond, between 16 KiB and 1 MiB.
 * Less starves a fast link, more makes every small message wait. What is measured is rounds of 10 ms or more. One during which there was always more to send
 * says how fast the link is; one with a pause in it says how fast the link is at least: it widens the bound at once and narrows it by half at most.
 * How much the transport takes at once says nothing: that is what its buffers hold. Owned by its session's event loop. Pure.
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
    boolean blocked(long nowNanos) {
        return look(nowNanos, false);
    }

    /** Everything has been sent. Returns whether the bound has changed. */
    boolean idle(long nowNanos) {
        paused = true;
        return look(nowNanos, true);
    }

    /** Bytes that may wait below us. */
    int bound() {
        return bound;
    }

    /** Whether frames and turns should be large. */
    boolean isFast() {
        return bound >= LARGEST / 4;
    }

    private boolean look(long nowNanos, boolean pausing) {
        long elapsed = nowNanos - roundStart;
        if (elapsed < ROUND_NANOS) {
            return false;
        }
        int measured = boundFor(roundBytes * DWELL_NANOS / elapsed);
        int before = bound;
        bound = paused ? Math.max(measured, Math.max(SMALLEST, bound / 2)) : measured;
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
