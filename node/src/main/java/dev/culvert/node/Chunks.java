package dev.culvert.node;

import com.google.protobuf.CodedOutputStream;
import dev.culvert.api.MessageWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** Writes one message on a stream, without a copy of long ones. <em>Stateless.</em> [MSG-3] */
final class Chunks {
    /** Messages up to this are copied, so that they are one piece. */
    private static final int COPIED = 4096;

    private static final byte[] END = {0};

    private Chunks() {}

    /** {@code message} from {@code offset} on, in chunks, with its end mark. */
    static ByteBuf rest(byte[] message, int offset) {
        int left = message.length - offset;
        if (left <= COPIED) {
            ByteBuf whole = Unpooled.buffer(left + 3);
            if (left > 0) {
                putVarint(whole, left);
            }
            return whole.writeBytes(message, offset, left).writeByte(0);
        }
        int chunks = (left + MessageWriter.MAX_CHUNK - 1) / MessageWriter.MAX_CHUNK;
        ByteBuf[] parts = new ByteBuf[2 * chunks + 1];
        int at = offset;
        for (int i = 0; i < chunks; i++) {
            int length = Math.min(MessageWriter.MAX_CHUNK, message.length - at);
            parts[2 * i] = putVarint(Unpooled.buffer(CodedOutputStream.computeUInt32SizeNoTag(length)), length);
            parts[2 * i + 1] = Unpooled.wrappedBuffer(message, at, length);
            at += length;
        }
        parts[2 * chunks] = Unpooled.wrappedBuffer(END);
        return Unpooled.wrappedBuffer(parts.length, parts);
    }

    /** One chunk of the first {@code length} bytes of {@code message}, and no end mark. */
    static ByteBuf beginning(byte[] message, int length) {
        return Unpooled.wrappedBuffer(
                putVarint(Unpooled.buffer(3), length), Unpooled.wrappedBuffer(message, 0, length));
    }

    /** Appends an unsigned varint in its shortest form. */
    static ByteBuf putVarint(ByteBuf to, int value) {
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            to.writeByte(rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        return to.writeByte(rest);
    }
}
