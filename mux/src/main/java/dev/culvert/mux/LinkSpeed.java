package dev.culvert.mux;

/**
 * How fast the transport takes bytes while we have more for it, and so how many may wait below us: what leaves within about half a
 * millisecond, between 16 KiB and 1 MiB. Less starves a fast link, more makes every small message wait. Who sends in bursts, because his source
 * is slower than the link, never fills it for long enough to measure it: when the link takes bursts of twice the bound at once, the bound
 * doubles. Owned by its session's event loop. Pure.
 */
final class LinkSpeed {
    static final int SMALLEST = 16 * 1024;
    static final int LARGEST = 1024 * 1024;
    private static final long ROUND_NANOS = 10_000_000;
    private static final long DWELL_NANOS = 500_000;

    private boolean measuring;
    private long roundStart;
    private long roundBytes;
    /** Handed to the transport since there was nothing to send, or it took no more. */
    private long takenAtOnce;

    private int bound = 4 * SMALLEST;

    /** Bytes were handed to the transport. */
    void sent(int bytes) {
        roundBytes += bytes;
        takenAtOnce += bytes;
    }

    /**
     * There is more to send than one flush takes. Returns whether the bound has changed.
     *
     * @param refused the transport takes no more now
     */
    boolean blocked(long nowNanos, boolean refused) {
        takenAtOnce = refused ? 0 : takenAtOnce;
        long elapsed = nowNanos - roundStart;
        if (measuring && elapsed < ROUND_NANOS) {
            return false;
        }
        boolean changed = measuring && moveBound(roundBytes * DWELL_NANOS / elapsed);
        measuring = true;
        roundStart = nowNanos;
        roundBytes = 0;
        return changed;
    }

    /** Everything has been sent: what was measured says nothing about the link. Returns whether the bound has changed. */
    boolean idle() {
        boolean wider = takenAtOnce >= 2L * bound && bound < LARGEST;
        measuring = false;
        roundBytes = 0;
        takenAtOnce = 0;
        bound = wider ? 2 * bound : bound;
        return wider;
    }

    /** Bytes that may wait below us. */
    int bound() {
        return bound;
    }

    /** Whether frames and turns should be large. */
    boolean isFast() {
        return bound >= LARGEST / 4;
    }

    private boolean moveBound(long wanted) {
        int step = SMALLEST;
        while (step < LARGEST && step < wanted) {
            step *= 2;
        }
        boolean changed = step != bound;
        bound = step;
        return changed;
    }
}
