package dev.culvert.http2;

import java.util.random.RandomGenerator;

/**
 * When a {@link DialListener} dials out. Owned by its listener's event loop; pure: time and randomness are handed in.
 *
 * <p>So many connections that nobody uses yet are kept as there are spares, at most so many in all. After a failure one dial at a time is
 * tried, after a wait that is uniform between 0 and a range: the first retry's, doubled with each failure up to the cap (full jitter). A
 * spare that was refused or ended young is a failure; one that was used, or lived long enough, ends the series.
 *
 * <p>A use that ends young is none: a call may be short. But after many in a row that did not begin as a client does, the other side is
 * probably something else, which answers each announcement with an error or each connection with a greeting; from then on there is a wait
 * after each, which grows up to a second, so that protocols of one's own still get through.
 */
final class Redials {
    private static final int ENOUGH_DOUBLINGS = 40;
    /** In a row, before there are waits. */
    private static final int SHORT_USES = 16;

    private static final long MOST_AFTER_SHORT_USE_MILLIS = 1_000;

    private final DialOptions options;
    private final RandomGenerator random;
    private int dialling;
    private int spare;
    private int used;
    private int failures;
    private int shortUses;

    Redials(DialOptions options, RandomGenerator random) {
        this.options = options;
        this.random = random;
    }

    /** How many dials to begin now, provided that no wait is under way; each is told by {@link #onDial}. */
    int missing() {
        int wanted = failures > 0 ? 1 : options.spares();
        return Math.max(0, Math.min(wanted - dialling - spare, options.mostConnections() - dialling - spare - used));
    }

    void onDial() {
        dialling++;
    }

    void onDialled() {
        dialling--;
        spare++;
    }

    /** Returns the wait in milliseconds. */
    long onFailed() {
        dialling--;
        return nextWait();
    }

    /** The peer sent its first bytes. */
    void onUsed() {
        spare--;
        used++;
        failures = 0;
    }

    /**
     * A connection in use ended {@code upMillis} after it was ready; returns the wait in milliseconds before the next dial.
     *
     * @param byClient it began as a client does
     */
    long onUsedEnded(boolean byClient, long upMillis) {
        used--;
        if (byClient || isStable(upMillis)) {
            shortUses = 0;
            return 0;
        }
        shortUses++;
        return shortUses <= SHORT_USES
                ? 0
                : uniform(Math.min(MOST_AFTER_SHORT_USE_MILLIS, range(shortUses - SHORT_USES - 1)));
    }

    /** Whether the last use was the first after which there are waits. */
    boolean beginsToWaitAfterUses() {
        return shortUses == SHORT_USES + 1;
    }

    /** A spare ended after {@code upMillis}; returns the wait in milliseconds before the next dial. */
    long onSpareEnded(long upMillis) {
        spare--;
        if (isStable(upMillis)) {
            failures = 0;
            shortUses = 0;
            return 0;
        }
        return nextWait();
    }

    private boolean isStable(long upMillis) {
        return upMillis >= options.stable().toMillis();
    }

    private long nextWait() {
        long range = range(failures);
        failures++;
        return uniform(range);
    }

    private long uniform(long range) {
        return random.nextLong(range + 1);
    }

    private long range(int doublings) {
        long cap = options.retryCap().toMillis();
        long doubled = options.firstRetry().toMillis() << Math.min(doublings, ENOUGH_DOUBLINGS);
        return doubled <= 0 || doubled > cap ? cap : doubled;
    }
}
