package dev.culvert.mux;

import dev.culvert.api.ErrorCode;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.function.LongConsumer;

/**
 * One yamux session on one connected Netty channel: many streams, one writer, one keep-alive. Owned by the channel's event
 * loop; only {@link #loop()} may be called elsewhere.
 */
public final class MuxSession {
    MuxSession() {}

    /** Starts a session at the side that dialled the connection, speaking {@code profile}. On the channel's loop. */
    public static MuxSession dial(
            Channel channel, Profile profile, MuxOptions options, MemoryBudget budget, SessionHandler handler) {
        throw new UnsupportedOperationException();
    }

    /** Starts a session at the side that accepted the connection; the first frame decides the profile. */
    public static MuxSession accept(Channel channel, MuxOptions options, MemoryBudget budget, SessionHandler handler) {
        throw new UnsupportedOperationException();
    }

    public EventLoop loop() {
        throw new UnsupportedOperationException();
    }

    public Channel channel() {
        throw new UnsupportedOperationException();
    }

    /** The profile in force; at the accepting side {@code null} until the first frame. */
    public Profile profile() {
        throw new UnsupportedOperationException();
    }

    /** The dialler's first stream (id 1), which in profile X is outside the session window. Before anything else. */
    public MuxStream openControl(StreamHandler handler) {
        throw new UnsupportedOperationException();
    }

    /** The handshake is done, or there is none: from now on streams may be opened in both directions. */
    public void establish(PeerParameters peer) {
        throw new UnsupportedOperationException();
    }

    /**
     * Opens a stream. SYN leaves with the first bytes written in this turn, or alone at its end. Waits inside the session if
     * the peer's limits say so.
     *
     * @throws MuxException BUSY if too many opens wait, DRAINING after either side's GoAway, LINK_LOST when closed
     */
    public MuxStream open(StreamHandler handler) throws MuxException {
        throw new UnsupportedOperationException();
    }

    /** Streams open in both directions, those that wait included, stream 1 excluded. */
    public int openStreams() {
        throw new UnsupportedOperationException();
    }

    /** Measures a round trip; nanoseconds, or -1 if the session ends before. */
    public void ping(LongConsumer nanos) {
        throw new UnsupportedOperationException();
    }

    /** The smallest round trip of the last ten seconds, nanoseconds; -1 before the first pong. */
    public long roundTripNanos() {
        throw new UnsupportedOperationException();
    }

    /** When the last byte from the peer came, by the loop's ticker. */
    public long lastReadNanos() {
        throw new UnsupportedOperationException();
    }

    /** Takes no more streams, says so as the profile permits, and closes after the last stream has ended. */
    public void drain() {
        throw new UnsupportedOperationException();
    }

    /** Ends the session now: GoAway with {@code code}, every stream is told LINK_LOST, the channel is closed. */
    public void close(ErrorCode code, String reason) {
        throw new UnsupportedOperationException();
    }
}
