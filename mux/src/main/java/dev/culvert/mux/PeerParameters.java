package dev.culvert.mux;

/**
 * What the peer said of itself in the handshake. <em>Immutable.</em>
 *
 * @param initialWindow bytes that we may send on a new stream
 * @param sessionWindow bytes that we may have in flight on all streams but the first
 * @param maxStreams streams that we may have open towards the peer
 * @param maxFrame bytes of payload that the peer takes in one frame
 */
public record PeerParameters(int initialWindow, int sessionWindow, int maxStreams, int maxFrame) {
    /** What is assumed of a peer that speaks plain yamux and said nothing. */
    public static final PeerParameters PLAIN = new PeerParameters(256 * 1024, Integer.MAX_VALUE, 256, 64 * 1024);
}
