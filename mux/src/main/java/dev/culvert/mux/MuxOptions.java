package dev.culvert.mux;

/**
 * What a session is told at its start. <em>Immutable.</em>
 *
 * @param initialWindow bytes that the peer may send on a new stream before it hears more; profile X, 16 KiB at least
 * @param maxWindow bytes, the most that one stream's receive window may grow to
 * @param initialSessionWindow bytes that all streams but the first may have unread together; profile X
 * @param maxSessionWindow bytes, the most that the session window may grow to
 * @param maxInboundStreams streams that the peer may have open at once; at most 1,024 of a plain peer
 * @param maxPendingOpens opens of ours that may wait for the peer's permission before {@link MuxSession#open} refuses
 * @param maxFrame bytes of payload in a frame that the peer should send
 * @param keepAliveNanos nominal interval of pings by the dialler; dead after 2.4 times of silence; 0 turns it off
 */
public record MuxOptions(
        int initialWindow,
        int maxWindow,
        int initialSessionWindow,
        int maxSessionWindow,
        int maxInboundStreams,
        int maxPendingOpens,
        int maxFrame,
        long keepAliveNanos) {
    /** The least initial window of profile X. [MUX-4] */
    public static final int SMALLEST_WINDOW = 16 * 1024;

    public static final MuxOptions DEFAULT =
            new MuxOptions(32 * 1024, 16 << 20, 1 << 20, 64 << 20, 1 << 20, 4096, 64 * 1024, 10_000_000_000L);

    public MuxOptions {
        atLeast("initialWindow", initialWindow, SMALLEST_WINDOW);
        atLeast("maxWindow", maxWindow, initialWindow);
        atLeast("initialSessionWindow", initialSessionWindow, SMALLEST_WINDOW);
        atLeast("maxSessionWindow", maxSessionWindow, initialSessionWindow);
        atLeast("maxInboundStreams", maxInboundStreams, 0);
        atLeast("maxPendingOpens", maxPendingOpens, 0);
        atLeast("maxFrame", maxFrame, 1024);
        atLeast("keepAliveNanos", keepAliveNanos, 0);
        if (maxWindow > 1 << 29 || maxSessionWindow > 1 << 30) {
            throw new IllegalArgumentException("maxWindow: " + maxWindow + ", maxSessionWindow: " + maxSessionWindow
                    + " (expected: at most " + (1 << 29) + " and " + (1 << 30) + ")");
        }
    }

    /** The same with another interval of pings; 0: none. */
    public MuxOptions withKeepAliveNanos(long newKeepAliveNanos) {
        return new MuxOptions(
                initialWindow,
                maxWindow,
                initialSessionWindow,
                maxSessionWindow,
                maxInboundStreams,
                maxPendingOpens,
                maxFrame,
                newKeepAliveNanos);
    }

    private static void atLeast(String name, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: >= " + least + ")");
        }
    }
}
