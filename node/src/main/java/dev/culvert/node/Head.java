package dev.culvert.node;

import dev.culvert.api.ErrorCode;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Reads the one message at the head of a stream, then holds what follows until somebody takes the stream over. Owned by the stream's
 * event loop. What is held is bounded by the stream's window, since it is not given back to the peer before it is taken.
 */
final class Head implements StreamHandler {
    private static final int MAX_LENGTH_BYTES = 5;
    private static final int INCOMPLETE = -1;
    private static final int MALFORMED = -2;

    private final int maxBytes;
    private final Reader reader;
    private final Deque<ByteBuf> held = new ArrayDeque<>(1);
    private @Nullable ByteBuf partial;
    private boolean complete;
    private boolean finished;
    private boolean closed;
    private int stopCode = -1;
    private int resetCode = -1;

    /** @param maxBytes of the message, its length not counted */
    Head(int maxBytes, Reader reader) {
        this.maxBytes = maxBytes;
        this.reader = reader;
    }

    /** Is told what becomes of the head. On the stream's event loop. */
    interface Reader {
        /** The message is complete. */
        void onHead(MuxStream stream, Head head, byte[] message);

        /** There will be no message: too long, malformed, or the stream finished before. */
        void onNoHead(MuxStream stream, ErrorCode code, String text);

        /** The stream was reset, before or after the message, and nobody had taken it. */
        void onGone(MuxStream stream, int code);
    }

    @Override
    public void onData(MuxStream stream, ByteBuf data) {
        if (complete) {
            held.add(data);
            return;
        }
        boolean first = partial == null;
        ByteBuf all = join(data);
        int start = all.readerIndex();
        int length = readLength(all);
        if (length > maxBytes || length == MALFORMED) {
            all.release();
            fail(stream, ErrorCode.TOO_LARGE, "a message of more than " + maxBytes + " bytes");
        } else if (length == INCOMPLETE || all.readableBytes() < length) {
            all.readerIndex(start);
            partial = first ? keep(all) : all;
        } else {
            complete(stream, all, length, start);
        }
    }

    private ByteBuf join(ByteBuf data) {
        ByteBuf all = partial;
        if (all == null) {
            return data;
        }
        partial = null;
        all.writeBytes(data);
        data.release();
        return all;
    }

    /** A copy of an incomplete message, since small pieces would pin large buffers. */
    private static ByteBuf keep(ByteBuf data) {
        ByteBuf copy = data.alloc().heapBuffer(2 * data.readableBytes());
        copy.writeBytes(data);
        data.release();
        return copy;
    }

    private static int readLength(ByteBuf from) {
        int length = 0;
        for (int i = 0; i < MAX_LENGTH_BYTES; i++) {
            if (!from.isReadable()) {
                return INCOMPLETE;
            }
            byte b = from.readByte();
            length |= (b & 0x7f) << (7 * i);
            if (b >= 0) {
                return length < 0 ? MALFORMED : length;
            }
        }
        return MALFORMED;
    }

    private void complete(MuxStream stream, ByteBuf all, int length, int start) {
        byte[] message = new byte[length];
        all.readBytes(message);
        int used = all.readerIndex() - start;
        complete = true;
        if (all.isReadable()) {
            held.add(all);
        } else {
            all.release();
        }
        stream.consumed(used);
        reader.onHead(stream, this, message);
    }

    private void fail(MuxStream stream, ErrorCode code, String text) {
        complete = true;
        reader.onNoHead(stream, code, text);
    }

    @Override
    public void onFinish(MuxStream stream) {
        finished = true;
        if (!complete) {
            drop();
            fail(stream, ErrorCode.PROTOCOL, "the stream finished before its first message was complete");
        }
    }

    @Override
    public void onReset(MuxStream stream, int code) {
        drop();
        complete = true;
        resetCode = code;
        reader.onGone(stream, code);
    }

    @Override
    public void onStop(MuxStream stream, int code) {
        stopCode = code;
    }

    @Override
    public void onClosed(MuxStream stream) {
        closed = true;
    }

    boolean isComplete() {
        return complete;
    }

    /** Bytes that are held. */
    int heldBytes() {
        int bytes = 0;
        for (ByteBuf data : held) {
            bytes += data.readableBytes();
        }
        return bytes;
    }

    /** Whether all that the peer will ever send is here. */
    boolean isFinished() {
        return finished;
    }

    /**
     * Takes up to {@code maxBytes} of what is held out, as new references; what is held stays. Empty if there is nothing.
     */
    ByteBuf peek(int maxBytes, ByteBufAllocator allocator) {
        ByteBuf first = held.peek();
        if (first == null) {
            return Unpooled.EMPTY_BUFFER;
        }
        if (held.size() == 1) {
            return first.retainedSlice(first.readerIndex(), Math.min(maxBytes, first.readableBytes()));
        }
        ByteBuf copy = allocator.buffer(Math.min(maxBytes, heldBytes()));
        for (ByteBuf data : held) {
            int bytes = Math.min(data.readableBytes(), maxBytes - copy.readableBytes());
            copy.writeBytes(data, data.readerIndex(), bytes);
        }
        return copy;
    }

    /** Gives up the first {@code bytes} of what is held: they have been used. */
    void skip(MuxStream stream, int bytes) {
        int rest = bytes;
        while (rest > 0) {
            ByteBuf first = held.element();
            int part = Math.min(rest, first.readableBytes());
            first.skipBytes(part);
            rest -= part;
            if (!first.isReadable()) {
                held.remove().release();
            }
        }
        stream.consumed(bytes);
    }

    /** Installs the handler that the stream is for, and gives it everything that was held, in order. */
    void take(MuxStream stream, StreamHandler next) {
        stream.handler(next);
        if (stopCode >= 0) {
            next.onStop(stream, stopCode);
        }
        for (ByteBuf data = held.poll(); data != null; data = held.poll()) {
            next.onData(stream, data);
        }
        if (resetCode >= 0) {
            next.onReset(stream, resetCode);
            return;
        }
        if (finished) {
            next.onFinish(stream);
        }
        if (closed) {
            next.onClosed(stream);
        }
    }

    /** Releases what is held; the bytes are given back to the peer. */
    void discard(MuxStream stream) {
        int bytes = heldBytes();
        drop();
        if (bytes > 0) {
            stream.consumed(bytes);
        }
    }

    private void drop() {
        if (partial != null) {
            partial.release();
            partial = null;
        }
        held.forEach(ByteBuf::release);
        held.clear();
    }
}
