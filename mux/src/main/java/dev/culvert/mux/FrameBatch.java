package dev.culvert.mux;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/**
 * Frames on their way into the channel: headers and small payload are copied into one buffer, larger payload goes as it is.
 * Owned by its session's event loop.
 */
final class FrameBatch {
    private static final int CAPACITY = 16 * 1024;
    private static final int COPY_LIMIT = 1024;

    private final Channel channel;
    private @Nullable ByteBuf buffer;
    private long unflushedBytes;

    FrameBatch(Channel channel) {
        this.channel = channel;
    }

    void header(Profile profile, int typeAndFlags, int id, int length) {
        FrameHeader.write(room(FrameHeader.LENGTH), profile, typeAndFlags, id, length);
    }

    /** The whole of {@code data}; takes ownership. */
    void payload(ByteBuf data) {
        int bytes = data.readableBytes();
        if (bytes <= COPY_LIMIT) {
            try {
                room(bytes).writeBytes(data);
            } finally {
                data.release();
            }
        } else {
            pass();
            write(data);
        }
    }

    /** The first {@code bytes} of {@code data}, which stays with its owner. */
    void payloadPart(ByteBuf data, int bytes) {
        if (bytes <= COPY_LIMIT) {
            room(bytes).writeBytes(data, bytes);
        } else {
            pass();
            write(data.readRetainedSlice(bytes));
        }
    }

    /** Hands what is complete to the channel, so that it counts there. */
    void pass() {
        ByteBuf full = buffer;
        if (full == null || !full.isReadable()) {
            return;
        }
        if (full.writableBytes() < COPY_LIMIT) {
            buffer = null;
            write(full);
        } else {
            write(full.readRetainedSlice(full.readableBytes()));
        }
    }

    /** Hands everything over and keeps no buffer. */
    void end() {
        ByteBuf last = buffer;
        buffer = null;
        if (last == null) {
            return;
        }
        if (last.isReadable()) {
            write(last);
        } else {
            last.release();
        }
    }

    void flush() {
        if (unflushedBytes > 0) {
            unflushedBytes = 0;
            channel.flush();
        }
    }

    /** Bytes that the channel was given since the last flush. */
    long unflushedBytes() {
        return unflushedBytes;
    }

    private void write(ByteBuf data) {
        unflushedBytes += data.readableBytes();
        channel.write(data, channel.voidPromise());
    }

    private ByteBuf room(int bytes) {
        ByteBuf current = buffer;
        if (current != null && current.writableBytes() < bytes) {
            end();
            current = null;
        }
        if (current == null) {
            current = channel.alloc().ioBuffer(CAPACITY);
            buffer = current;
        }
        return current;
    }
}
