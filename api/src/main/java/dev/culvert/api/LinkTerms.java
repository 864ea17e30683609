package dev.culvert.api;

import java.time.Duration;

/**
 * How a node keeps its links. <em>Immutable.</em>
 *
 * @param keepAlive interval of pings, 100 ms to 240 s, each varied by 20 %; a link is lost after 2.4 intervals without a byte; zero: no
 *     pings, and a link that dies silently is noticed only when something is sent
 * @param retryMin no retry comes sooner; the wait is random between this and a bound that doubles from 2 s up to {@code retryMax}
 * @param retryMax no retry comes later, unless the relay asks for it
 * @param retries failures in a row after which a link is given up; {@link #FOR_EVER}: never
 */
public record LinkTerms(Duration keepAlive, Duration retryMin, Duration retryMax, int retries) {
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofMinutes(4);

    /** No number of failures ends a link. */
    public static final int FOR_EVER = -1;

    /** Pings every 10 s, retries for ever and at least every 15 s. */
    public static final LinkTerms DEFAULT =
            new LinkTerms(Duration.ofSeconds(10), Duration.ZERO, Duration.ofSeconds(15), FOR_EVER);

    public LinkTerms {
        if (!keepAlive.isZero() && (keepAlive.compareTo(SHORTEST) < 0 || keepAlive.compareTo(LONGEST) > 0)) {
            throw new IllegalArgumentException(
                    "keepAlive: " + keepAlive + " (expected: " + SHORTEST + " to " + LONGEST + ", or zero for none)");
        }
        if (retryMin.isNegative()) {
            throw new IllegalArgumentException("retryMin: " + retryMin + " (expected: zero or more)");
        }
        if (retryMax.toMillis() < 1 || retryMax.compareTo(retryMin) < 0) {
            throw new IllegalArgumentException(
                    "retryMax: " + retryMax + " (expected: at least 1 ms and at least retryMin, " + retryMin + ")");
        }
        if (retries < FOR_EVER) {
            throw new IllegalArgumentException("retries: " + retries + " (expected: 0 or more, or -1 for ever)");
        }
    }
}
