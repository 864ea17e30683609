package dev.culvert.link;

import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt. Owned by its link's event loop; pure: randomness is handed in. [LINK-24]
 *
 * <p>The wait is uniform between a floor (0) and a range: 2 s at first, doubled with each failure up to 15 s, 2 s again after the link was up for
 * 30 s. A refusal's floor is added, and its spread widens the range.
 */
final class BackOff {
    private static final int ENOUGH_DOUBLINGS = 40;

    private final LinkTiming timing;
    private final RandomGenerator random;
    private int failures;

    BackOff(LinkTiming timing, RandomGenerator random) {
        this.timing = timing;
        this.random = random;
    }

    /** The wait in milliseconds after an attempt failed, or a link that was up for {@code upMillis} was lost. */
    long next(long upMillis, Hint hint) {
        if (upMillis >= timing.stableMillis()) {
            failures = 0;
        }
        long range = Math.max(range(), hint.spreadMillis());
        failures++;
        long floor = Math.min(timing.retryFloorMillis(), range);
        return hint.floorMillis() + floor + spread(range - floor);
    }

    /** Failures in a row, the last one included. */
    int inARow() {
        return failures;
    }

    /** Whether there were so many failures in a row that a retry is not wanted. */
    boolean isExhausted(long upMillis) {
        int inARow = upMillis >= timing.stableMillis() ? 0 : failures;
        return timing.retries() >= 0 && inARow >= timing.retries();
    }

    /** A moment within {@code rangeMillis}, for moves that are no failures. */
    long spread(long rangeMillis) {
        return random.nextLong(rangeMillis + 1);
    }

    private long range() {
        long doubled = timing.firstRetryMillis() << Math.min(failures, ENOUGH_DOUBLINGS);
        return doubled <= 0 || doubled > timing.retryCapMillis() ? timing.retryCapMillis() : doubled;
    }

    /**
     * What the peer asked for, cut to what is sane. <em>Immutable.</em>
     *
     * @param floorMillis to wait in any case
     * @param spreadMillis the least range of the random part
     */
    record Hint(long floorMillis, long spreadMillis) {
        static final Hint NONE = new Hint(0, 0);
        private static final long LONGEST = 3_600_000;

        Hint {
            floorMillis = Math.min(Math.max(0, floorMillis), LONGEST);
            spreadMillis = Math.min(Math.max(0, spreadMillis), LONGEST);
        }

        /** From two {@code uint32} fields of a message. */
        static Hint of(int retryAfterMillis, int spreadMillis) {
            return new Hint(Integer.toUnsignedLong(retryAfterMillis), Integer.toUnsignedLong(spreadMillis));
        }
    }
}
