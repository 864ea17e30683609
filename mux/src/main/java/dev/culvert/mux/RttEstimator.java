package dev.culvert.mux;

import java.util.ArrayDeque;

/**
 * The smallest round trip of the last ten seconds. Owned by its session's event loop. Pure. Keeps the last sample when all
 * are older, since an old truth is better than none.
 */
final class RttEstimator {
    private static final long WINDOW_NANOS = 10_000_000_000L;

    /** Rising in both time and round trip: the head is the minimum. */
    private final ArrayDeque<Sample> samples = new ArrayDeque<>(4);

    private record Sample(long atNanos, long rttNanos) {}

    void add(long nowNanos, long rttNanos) {
        while (!samples.isEmpty() && samples.getLast().rttNanos >= rttNanos) {
            samples.removeLast();
        }
        samples.add(new Sample(nowNanos, rttNanos));
        minimum(nowNanos);
    }

    /** Nanoseconds; -1 before the first sample. */
    long minimum(long nowNanos) {
        while (samples.size() > 1 && nowNanos - samples.getFirst().atNanos > WINDOW_NANOS) {
            samples.removeFirst();
        }
        return samples.isEmpty() ? -1 : samples.getFirst().rttNanos;
    }
}
