package dev.culvert.link;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.UUID;

/** An instance or boot id as 16 bytes on the wire. <em>Stateless.</em> [LINK-14] */
final class InstanceBytes {
    static final int LENGTH = 16;

    private InstanceBytes() {}

    static ByteString of(UUID instance) {
        ByteBuffer bytes = ByteBuffer.allocate(LENGTH)
                .putLong(instance.getMostSignificantBits())
                .putLong(instance.getLeastSignificantBits())
                .flip();
        return ByteString.copyFrom(bytes);
    }

    /** @throws IllegalArgumentException unless there are 16 bytes */
    static UUID parse(ByteString bytes) {
        if (bytes.size() != LENGTH) {
            throw new IllegalArgumentException("instance of " + bytes.size() + " bytes (expected: " + LENGTH + ")");
        }
        ByteBuffer buffer = bytes.asReadOnlyByteBuffer();
        return new UUID(buffer.getLong(), buffer.getLong());
    }
}
