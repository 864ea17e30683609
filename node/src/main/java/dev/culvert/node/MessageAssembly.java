package dev.culvert.node;

import dev.culvert.api.MessageWriter;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * One message, put together from a stream's bytes as they come. Owned by the stream's event loop; pure. [MSG-3] Memory is used for
 * bytes that have come, not for lengths that were announced.
 */
final class MessageAssembly {
    private static final int MAX_SHIFT = 14;

    private final int maxBytes;
    private byte[] bytes = new byte[0];
    private int count;
    private int chunk;
    private int length;
    private int shift;
    private State state = State.INCOMPLETE;

    enum State {
        INCOMPLETE,
        COMPLETE,
        TOO_LARGE,
        MALFORMED
    }

    MessageAssembly(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Takes bytes up to the end mark; what is behind it stays in {@code data}. Not after another state than INCOMPLETE. */
    State take(ByteBuf data) {
        while (state == State.INCOMPLETE && data.isReadable()) {
            if (chunk > 0) {
                takeChunk(data);
            } else {
                takeLength(data.readByte());
            }
        }
        return state;
    }

    private void takeLength(byte b) {
        length |= (b & 0x7f) << shift;
        if (b < 0) {
            shift += 7;
            state = shift > MAX_SHIFT ? State.MALFORMED : state;
            return;
        }
        boolean padded = b == 0 && shift > 0;
        if (padded || length > MessageWriter.MAX_CHUNK) {
            state = State.MALFORMED;
        } else if (length == 0) {
            state = State.COMPLETE;
        } else if (length > maxBytes - count) {
            state = State.TOO_LARGE;
        }
        chunk = length;
        length = 0;
        shift = 0;
    }

    private void takeChunk(ByteBuf data) {
        int part = Math.min(chunk, data.readableBytes());
        if (count + part > bytes.length) {
            int room = (int) Math.min(Math.max(2L * bytes.length, count + (long) chunk), maxBytes);
            bytes = Arrays.copyOf(bytes, Math.max(room, count + part));
        }
        data.readBytes(bytes, count, part);
        count += part;
        chunk -= part;
    }

    /** How many bytes of the message have come. */
    int count() {
        return count;
    }

    /** The message, once complete. */
    byte[] message() {
        if (state != State.COMPLETE) {
            throw new IllegalStateException("the message is " + state + " (expected: COMPLETE)");
        }
        return count == bytes.length ? bytes : Arrays.copyOf(bytes, count);
    }
}
