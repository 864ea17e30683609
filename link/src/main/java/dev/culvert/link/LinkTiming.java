package dev.culvert.link;

/**
 * How patient a link is, in milliseconds. <em>Immutable.</em> [LINK-10] [LINK-24]
 *
 * @param handshakeMillis from connected to Welcome; more than the relay's own 10 s, since a connection may wait in its line
 * @param firstRetryMillis the first retry after a loss is uniform in 0 to this
 * @param retryCapMillis the jitter's range doubles up to this
 * @param stableMillis a link that was up this long starts anew at {@code firstRetryMillis}
 * @param leaveMillis how long an old session may take to end its streams after a new one has taken over
 */
public record LinkTiming(
        long handshakeMillis, long firstRetryMillis, long retryCapMillis, long stableMillis, long leaveMillis) {
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
    }

    private static void check(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: >= 1)");
        }
    }
}
