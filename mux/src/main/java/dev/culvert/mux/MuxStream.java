package dev.culvert.mux;

import io.netty.buffer.ByteBuf;

/** One ordered byte stream in a session. Owned by its session's event loop: every method must be called there. */
public final class MuxStream {
    MuxStream() {}

    public MuxSession session() {
        throw new UnsupportedOperationException();
    }

    /** The id on the wire; 0 while the open waits for the peer's permission. */
    public int id() {
        throw new UnsupportedOperationException();
    }

    /** Replaces the handler, for example once the head of the stream is parsed. */
    public void handler(StreamHandler handler) {
        throw new UnsupportedOperationException();
    }

    /**
     * The party that this stream's bytes are accounted to, for fair turns and for the memory rule on links that carry many
     * parties. Compared with {@code equals}; the session itself by default.
     */
    public void party(Object party) {
        throw new UnsupportedOperationException();
    }

    /**
     * Queues bytes and takes ownership of them; they leave when the link pulls them. The caller bounds what it queues by
     * {@link #queued()} and {@link StreamHandler#onWritten}. Released silently when the peer stopped or the stream is over.
     *
     * @throws IllegalStateException after {@link #finish()}
     */
    public void write(ByteBuf data) {
        throw new UnsupportedOperationException();
    }

    /** Payload bytes that were written and have not left for the transport. */
    public int queued() {
        throw new UnsupportedOperationException();
    }

    /** Half-close: FIN follows what is queued. Idempotent. */
    public void finish() {
        throw new UnsupportedOperationException();
    }

    /** Abort: purges the queue, tells the peer, forgets the stream. The handler hears nothing more. Idempotent. */
    public void reset(int code) {
        throw new UnsupportedOperationException();
    }

    /** We will not read any more; the peer's writer learns the code (profile X; in Y bytes are discarded, then reset). */
    public void stop(int code) {
        throw new UnsupportedOperationException();
    }

    /** {@code bytes} that {@link StreamHandler#onData} delivered have been used up: the peer may get its credit back. */
    public void consumed(int bytes) {
        throw new UnsupportedOperationException();
    }
}
