package dev.culvert.mux;

/**
 * What one side says of itself in the handshake. <em>Immutable.</em>
 *
 * @param initialWindow bytes that may be sent to it on a new stream
 * @param sessionWindow bytes that it may have in flight on all streams but the first; profile X
 * @param maxStreams streams that may be open towards it
 * @param maxFrame bytes of payload that it takes in one frame
 * @param keepAliveNanos nominal interval of its pings if it is the dialler; 0 if it said none
 */
public record PeerParameters(int initialWindow, int sessionWindow, int maxStreams, int maxFrame, long keepAliveNanos) {
    /** What is assumed of a peer that speaks plain yamux and said nothing. */
    public static final PeerParameters PLAIN =
            new PeerParameters(MuxSession.PLAIN_WINDOW, Integer.MAX_VALUE, 256, 64 * 1024, 0);

    public PeerParameters {
        if (initialWindow < 0 || sessionWindow < 0 || maxStreams < 0 || maxFrame <= 0 || keepAliveNanos < 0) {
            throw new IllegalArgumentException("peer parameters: " + initialWindow + ", " + sessionWindow + ", "
                    + maxStreams + ", " + maxFrame + ", " + keepAliveNanos + " (expected: none negative, a frame > 0)");
        }
    }
}
