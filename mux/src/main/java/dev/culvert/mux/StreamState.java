package dev.culvert.mux;

/**
 * Where a stream is between its open and its end. <em>Immutable.</em> Pure.
 *
 * <pre>
 *                permitted    syn        fin            peerFin         aborted
 * WAITING        OPENING      -          -              -               CLOSED
 * OPENING        -            OPEN       -              -               CLOSED
 * OPEN           -            -          FINISHED       PEER_FINISHED   CLOSED
 * FINISHED       -            -          -              CLOSED          CLOSED
 * PEER_FINISHED  -            -          CLOSED         -               CLOSED
 * CLOSED         -            -          -              -               CLOSED
 * </pre>
 */
enum StreamState {
    /** The peer's limits do not permit the open yet. */
    WAITING,
    /** Permitted; SYN has not left, so the stream has no id. */
    OPENING,
    /** Both halves are open. Streams that the peer opens begin here. */
    OPEN,
    /** Our FIN has left. */
    FINISHED,
    /** The peer's FIN has come. */
    PEER_FINISHED,
    /** Both finished, or aborted by either side. */
    CLOSED;

    StreamState permitted() {
        return expect(this == WAITING, OPENING);
    }

    StreamState synSent() {
        return expect(this == OPENING, OPEN);
    }

    StreamState finSent() {
        return expect(maySend(), this == OPEN ? FINISHED : CLOSED);
    }

    StreamState peerFinished() {
        return expect(mayReceive(), this == OPEN ? PEER_FINISHED : CLOSED);
    }

    StreamState aborted() {
        return CLOSED;
    }

    /** Whether frames with data or FIN may be sent. */
    boolean maySend() {
        return this == OPEN || this == PEER_FINISHED;
    }

    /** Whether data or FIN may come from the peer. */
    boolean mayReceive() {
        return this == OPEN || this == FINISHED;
    }

    /** Whether the peer has not heard of the stream. */
    boolean isUnborn() {
        return this == WAITING || this == OPENING;
    }

    private StreamState expect(boolean holds, StreamState next) {
        if (!holds) {
            throw new IllegalStateException("stream state: " + this + " cannot become " + next);
        }
        return next;
    }
}
