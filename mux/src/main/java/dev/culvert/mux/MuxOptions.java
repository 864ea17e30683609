package dev.culvert.mux;

/**
 * What a session is told at its start. <em>Immutable.</em>
 *
 * @param initialWindow bytes that the peer may send on a new stream before it hears more; profile X, 16 KiB at least
 * @param maxWindow bytes, the most that one stream's receive window may grow to
 * @param initialSessionWindow bytes that all streams but the first may have unread together; profile X
 * @param maxSessionWindow bytes, the most that the session window may grow to
 * @param maxInboundStreams streams that the peer may have open at once
 * @param maxPendingOpens opens of ours that may wait for the peer's permission before {@link MuxSession#open} refuses
 * @param maxFrame bytes of payload in a frame that we send
 * @param keepAliveNanos nominal interval of pings by the dialler; dead after 2.5 times of silence; 0 turns it off
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
    public static final MuxOptions DEFAULT =
            new MuxOptions(32 * 1024, 16 << 20, 1 << 20, 64 << 20, 1 << 20, 4096, 64 * 1024, 10_000_000_000L);
}
