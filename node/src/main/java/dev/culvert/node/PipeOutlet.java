package dev.culvert.node;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The bytes of a stream that threads have written and that have not left yet. Guarded by the lock of its pipe. */
final class PipeOutlet {
    /** Bytes that have not left; beyond, writers wait. One piece may go over it. */
    private static final int MAX_QUEUED = 256 * 1024;

    /** Who has waited goes on when so much room is there that it is worth waking a thread. */
    private static final int ROOMY = MAX_QUEUED / 2;

    private final Deque<ByteBuf> toWrite = new ArrayDeque<>(2);
    private int queued;
    private int foreign;
    private boolean finished;
    private boolean finishSent;
    private boolean stopped;

    /** Bytes that others have written on the stream, and that are not counted here. */
    void foreign(int bytes) {
        foreign = bytes;
    }

    /** One piece, whose reference is taken. */
    void add(ByteBuf data) {
        queued += data.readableBytes();
        toWrite.add(data);
    }

    /** Whether a write has an answer, a failure of the whole stream apart. */
    boolean isReady() {
        return finished || stopped || queued < MAX_QUEUED;
    }

    /** Whether a write that has had to wait has an answer. */
    boolean isRoomy() {
        return finished || stopped || queued <= ROOMY;
    }

    /** The next piece that leaves, whose reference is the caller's; null: none. It counts as queued until it is {@link #written}. */
    @Nullable
    ByteBuf next() {
        return toWrite.poll();
    }

    /** The first piece for the open, if it is small enough to go along, else nothing. */
    ByteBuf first(int maxBytes) {
        ByteBuf first = toWrite.peek();
        if (first == null || first.readableBytes() > maxBytes) {
            return Unpooled.EMPTY_BUFFER;
        }
        queued -= first.readableBytes();
        return toWrite.remove();
    }

    /** So many bytes have left the stream's queue. */
    void written(int bytes) {
        int others = Math.min(foreign, bytes);
        foreign -= others;
        queued = Math.max(0, queued - (bytes - others));
    }

    void drop() {
        toWrite.forEach(ByteBuf::release);
        toWrite.clear();
    }

    /** Nothing more will be written. */
    void finish() {
        finished = true;
    }

    boolean isFinished() {
        return finished;
    }

    /** The peer reads no more. */
    void stop() {
        stopped = true;
    }

    boolean isStopped() {
        return stopped;
    }

    /** Whether the end must be sent now; true once. */
    boolean mustFinish() {
        boolean must = finished && !finishSent;
        finishSent |= finished;
        return must;
    }
}
