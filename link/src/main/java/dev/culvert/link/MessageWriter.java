package dev.culvert.link;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Encodes protobuf messages preceded by their length as a varint. <em>Stateless.</em> [LINK-11] [OPEN-1] */
public final class MessageWriter {
    private MessageWriter() {}

    /** The bytes of the message on a stream, owned by the caller. */
    public static ByteBuf encode(MessageLite message, ByteBufAllocator allocator) {
        int size = message.getSerializedSize();
        byte[] bytes = new byte[CodedOutputStream.computeUInt32SizeNoTag(size) + size];
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            out.writeUInt32NoTag(size);
            message.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException("an array of the computed size was too small", e);
        }
        return allocator.buffer(bytes.length, bytes.length).writeBytes(bytes);
    }
}
