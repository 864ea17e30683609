package dev.culvert.mux;

import dev.culvert.api.ErrorCode;

/** What the owner of a session is told. Called on the session's event loop only. */
public interface SessionHandler {
    /**
     * The peer opened a stream; the session has acknowledged it already. The handler returned gets its data, in the same
     * turn if it came with the SYN. Before {@link MuxSession#establish} only the dialler's stream 1 arrives here.
     */
    StreamHandler onOpen(MuxStream stream);

    /** The peer said that it will take no more streams. */
    default void onGoAway(MuxSession session, int code) {}

    /**
     * Few of our own stream ids are left: dial a fresh session and drain this one. Opens work until they are gone. Once. [MUX-17]
     */
    default void onIdsLow(MuxSession session) {}

    /**
     * The session is over and every stream has been told. {@link ErrorCode#LINK_LOST} for a lost connection or silence, {@link
     * ErrorCode#PROTOCOL} for a violation by the peer, {@link ErrorCode#OK} after an orderly end. Last call.
     */
    void onClosed(MuxSession session, ErrorCode code, String reason);
}
