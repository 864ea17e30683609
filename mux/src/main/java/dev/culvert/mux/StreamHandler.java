package dev.culvert.mux;

import dev.culvert.api.ErrorCode;
import io.netty.buffer.ByteBuf;

/**
 * What the owner of a stream is told. Called on the session's event loop only, never re-entrantly from a call on the
 * same stream, so an implementation needs no locks. One instance may serve many streams.
 */
public interface StreamHandler {
    /**
     * Bytes from the peer, in order. The handler owns {@code data} and must release it; the peer gets its credit back when
     * {@link MuxStream#consumed(int)} says that the bytes have been used, not before.
     */
    void onData(MuxStream stream, ByteBuf data);

    /** The peer has finished its half: no more data will come. [MUX-7] */
    void onFinish(MuxStream stream);

    /**
     * The stream ended abnormally: reset by the peer with {@code code}, or its session is lost ({@link
     * ErrorCode#LINK_LOST}). Last call for this stream. Also called for a reset that was made on this side by the session's
     * own rules (for example {@link ErrorCode#SLOW_CONSUMER}), never for {@link MuxStream#reset(int)} by the owner.
     */
    void onReset(MuxStream stream, int code);

    /** The peer will not read any more (profile X). What was queued has been purged, and FIN was sent. */
    default void onStop(MuxStream stream, int code) {}

    /** {@code bytes} of payload have left the stream's queue for the transport. A splice renews credit here. */
    default void onWritten(MuxStream stream, int bytes) {}

    /** Both halves are finished and the stream is forgotten. Last call for this stream. */
    default void onClosed(MuxStream stream) {}
}
