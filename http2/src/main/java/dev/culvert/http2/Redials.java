package dev.culvert.http2;

import java.util.random.RandomGenerator;

/**
 * When a {@link DialListener} dials out. Owned by its listener's event loop; pure: time and randomness are handed in.
 *
 * <p>So many connections that nobody uses yet are kept as there are spares, at most so many in all. After a failure one dial at a time is
 * tried, after a wait that is uniform between 0 and a range: the first retry's, doubled with each failure up to the cap (full jitter). A
 * spare that was refused or ended young is a failure; one that was used, or lived long enough, ends the series.
 */
final class Redials {
    private static final int ENOUGH_DOUBLINGS = 40;

    private final DialOptions options;
    private final RandomGenerator random;
    private int dialling;
    private int spare;
    private int used;
    private int failures;

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

    /** A connection in use ended. */
    void onUsedEnded() {
        used--;
    }

    /** A spare ended after {@code upMillis}; returns the wait in milliseconds before the next dial. */
    long onSpareEnded(long upMillis) {
        spare--;
        if (upMillis >= options.stable().toMillis()) {
            failures = 0;
            return 0;
        }
        return nextWait();
    }

    private long nextWait() {
        long range = range();
        failures++;
        return random.nextLong(range + 1);
    }

    private long range() {
        long cap = options.retryCap().toMillis();
        long doubled = options.firstRetry().toMillis() << Math.min(failures, ENOUGH_DOUBLINGS);
        return doubled <= 0 || doubled > cap ? cap : doubled;
    }
}
