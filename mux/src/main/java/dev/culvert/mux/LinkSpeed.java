package dev.culvert.mux;

/**
 * How fast the transport takes bytes while we have more for it, and so how many may wait below us: what leaves within about half a
 * millisecond, between 16 KiB and 1 MiB. Less starves a fast link, more makes every small message wait. Owned by its
 * session's event loop. Pure.
 */
final class LinkSpeed {
    static final int SMALLEST = 16 * 1024;
    static final int LARGEST = 1024 * 1024;
    private static final long ROUND_NANOS = 10_000_000;
    private static final long DWELL_NANOS = 500_000;

    private boolean measuring;
    private long roundStart;
    private long roundBytes;
    private int bound = 4 * SMALLEST;

    /** Bytes were handed to the transport. */
    void sent(int bytes) {
        roundBytes += bytes;
    }

    /** There is more to send, and the transport takes no more now. Returns whether the bound has changed. */
    boolean blocked(long nowNanos) {
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

    /** Everything has been sent: what was measured says nothing about the link. */
    void idle() {
        measuring = false;
        roundBytes = 0;
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
