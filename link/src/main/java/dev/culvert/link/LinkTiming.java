package dev.culvert.link;

/**
 * How patient a link is, in milliseconds. <em>Immutable.</em> [LINK-10] [LINK-24]
 *
 * @param handshakeMillis from connected to Welcome; more than the relay's own 10 s, since a connection may wait in its line
 * @param firstRetryMillis the first retry after a loss is uniform in 0 to this
 * @param retryCapMillis the jitter's range doubles up to this
 * @param stableMillis a link that was up this long starts anew at {@code firstRetryMillis}
 * @param leaveMillis how long an old session may take to end its streams after a new one has taken over
 * @param retryFloorMillis no retry comes sooner than this
 * @param retries failures in a row after which the link is given up; {@link #FOR_EVER}: never
 */
public record LinkTiming(
        long handshakeMillis,
        long firstRetryMillis,
        long retryCapMillis,
        long stableMillis,
        long leaveMillis,
        long retryFloorMillis,
        int retries) {
    /** No number of failures ends the link. */
    public static final int FOR_EVER = -1;

    public static final LinkTiming DEFAULT = new LinkTiming(30_000, 2_000, 15_000, 30_000, 300_000);

    public LinkTiming {
        check("handshakeMillis", handshakeMillis);
        check("firstRetryMillis", firstRetryMillis);
        check("retryCapMillis", retryCapMillis);
        check("stableMillis", stableMillis);
        check("leaveMillis", leaveMillis);
        if (retryCapMillis < firstRetryMillis) {
            throw new IllegalArgumentException(
                    "retryCapMillis: " + retryCapMillis + " (expected: >= firstRetryMillis, " + firstRetryMillis + ")");
        }
        if (retryFloorMillis < 0 || retryFloorMillis > retryCapMillis) {
            throw new IllegalArgumentException("retryFloorMillis: " + retryFloorMillis
                    + " (expected: 0 to retryCapMillis, " + retryCapMillis + ")");
        }
        if (retries < FOR_EVER) {
            throw new IllegalArgumentException("retries: " + retries + " (expected: 0 or more, or -1 for ever)");
        }
    }

    /** Retries for ever, at once if chance will have it so. */
    public LinkTiming(
            long handshakeMillis, long firstRetryMillis, long retryCapMillis, long stableMillis, long leaveMillis) {
        this(handshakeMillis, firstRetryMillis, retryCapMillis, stableMillis, leaveMillis, 0, FOR_EVER);
    }

    /**
     * The same with other retries.
     *
     * @param minMillis no retry comes sooner
     * @param maxMillis nor later; the range of the jitter doubles up to this
     * @param newRetries failures in a row after which the link is given up; {@link #FOR_EVER}: never
     */
    public LinkTiming withRetries(long minMillis, long maxMillis, int newRetries) {
        long first = Math.min(maxMillis, Math.max(firstRetryMillis, minMillis));
        return new LinkTiming(handshakeMillis, first, maxMillis, stableMillis, leaveMillis, minMillis, newRetries);
    }

    public LinkTiming withHandshakeMillis(long newHandshakeMillis) {
        return new LinkTiming(
                newHandshakeMillis,
                firstRetryMillis,
                retryCapMillis,
                stableMillis,
                leaveMillis,
                retryFloorMillis,
                retries);
    }

    /** The same for a link that is over at the first failure. */
    public LinkTiming withoutRetries() {
        return new LinkTiming(
                handshakeMillis, firstRetryMillis, retryCapMillis, stableMillis, leaveMillis, retryFloorMillis, 0);
    }

    private static void check(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: >= 1)");
        }
    }
}
