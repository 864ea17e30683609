package dev.culvert.node;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import dev.culvert.link.proto.StreamReply;
import dev.culvert.mux.MuxStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes the messages at the heads of streams. <em>Stateless.</em> [OPEN-1] [OPEN-2] */
final class Wire {
    /** Payload up to this is copied behind the message, so that both are one piece. */
    private static final int COPY_BYTES = 4096;

    private static final byte[] ACCEPTED = bytes(StreamReply.getDefaultInstance());

    private Wire() {}

    /** The message with its length before it, and {@code payload} behind it, whose reference is consumed. */
    static ByteBuf encode(ByteBufAllocator allocator, MessageLite message, ByteBuf payload) {
        byte[] head = bytes(message);
        if (payload.readableBytes() > COPY_BYTES) {
            return Unpooled.wrappedBuffer(Unpooled.wrappedBuffer(head), payload);
        }
        try {
            return allocator
                    .ioBuffer(head.length + payload.readableBytes())
                    .writeBytes(head)
                    .writeBytes(payload);
        } finally {
            payload.release();
        }
    }

    /** The answer that a stream is open. */
    static void accept(MuxStream stream) {
        stream.write(Unpooled.wrappedBuffer(ACCEPTED));
    }

    private static byte[] bytes(MessageLite message) {
        try {
            int size = message.getSerializedSize();
            byte[] bytes = new byte[CodedOutputStream.computeUInt32SizeNoTag(size) + size];
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            out.writeUInt32NoTag(size);
            message.writeTo(out);
            out.checkNoSpaceLeft();
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
