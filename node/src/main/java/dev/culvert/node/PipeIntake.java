package dev.culvert.node;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The bytes of a stream that have come and that no thread has read yet. Guarded by the lock of its pipe. */
final class PipeIntake {
    private final Deque<ByteBuf> arrived = new ArrayDeque<>(2);
    private int used;
    private boolean finished;
    private boolean closed;
    private boolean torn;
    private boolean stopSent;

    /** More bytes, whose reference is taken; false: nobody will read them. */
    boolean arrive(ByteBuf data) {
        if (closed || torn) {
            used += data.readableBytes();
            data.release();
            return false;
        }
        arrived.add(data);
        return true;
    }

    /** No more will come. */
    void finish() {
        finished = true;
    }

    /** Nobody will read any more. */
    void close() {
        closed = true;
        drop();
    }

    /** The stream was torn off: what has come is not worth reading, and it has no end. */
    void tear() {
        finished = false;
        torn = true;
        drop();
    }

    private void drop() {
        arrived.forEach(this::giveUp);
        arrived.clear();
    }

    private void giveUp(ByteBuf data) {
        used += data.readableBytes();
        data.release();
    }

    /** Whether a read has an answer, a failure of the whole stream apart. */
    boolean isReady() {
        return closed || finished || !arrived.isEmpty();
    }

    boolean isEmpty() {
        return arrived.isEmpty();
    }

    boolean isFinished() {
        return finished;
    }

    boolean isClosed() {
        return closed;
    }

    int available() {
        int bytes = 0;
        for (ByteBuf data : arrived) {
            bytes += data.readableBytes();
        }
        return bytes;
    }

    /** Copies as much as there is and as fits. Returns how much. */
    int take(ByteBuffer target) {
        int limit = target.limit();
        int start = target.position();
        while (target.hasRemaining() && !arrived.isEmpty()) {
            ByteBuf first = arrived.element();
            int part = Math.min(target.remaining(), first.readableBytes());
            first.readBytes(target.limit(target.position() + part));
            target.limit(limit);
            if (!first.isReadable()) {
                arrived.remove().release();
            }
        }
        int bytes = target.position() - start;
        used += bytes;
        return bytes;
    }

    /** Takes one piece out as it came; its reference is the caller's, who says {@link #used} when it is done with it. Null: none. */
    @Nullable
    ByteBuf take() {
        return arrived.poll();
    }

    /** Bytes that were taken out have been used. */
    void used(int bytes) {
        used += bytes;
    }

    /** Bytes that can be given back to the peer, once. */
    int giveBack() {
        int bytes = used;
        used = 0;
        return bytes;
    }

    /** Whether the peer must be told now that nobody reads; true once. */
    boolean mustStop() {
        boolean must = closed && !stopSent;
        stopSent |= closed;
        return must && !finished;
    }
}
