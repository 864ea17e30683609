package dev.culvert.mux.sim;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * A byte stream without end that anyone can make and check from a number: a lost, doubled or misplaced byte shows at its
 * offset. <em>Immutable.</em>
 */
public record Payload(long seed) {
    public byte at(long offset) {
        long mixed = (offset >>> 3) * 0x9E3779B97F4A7C15L + seed;
        mixed ^= mixed >>> 29;
        return (byte) (mixed >>> ((offset & 7) << 3));
    }

    public ByteBuf slice(ByteBufAllocator alloc, long offset, int length) {
        ByteBuf bytes = alloc.buffer(length, length);
        for (int i = 0; i < length; i++) {
            bytes.writeByte(at(offset + i));
        }
        return bytes;
    }

    public byte[] bytes(long offset, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = at(offset + i);
        }
        return bytes;
    }

    /** Throws with the offset of the first byte that differs. */
    public void check(long offset, ByteBuf bytes) {
        int start = bytes.readerIndex();
        for (int i = 0; i < bytes.readableBytes(); i++) {
            byte expected = at(offset + i);
            if (bytes.getByte(start + i) != expected) {
                throw new AssertionError("byte " + (offset + i) + " of payload " + seed + ": "
                        + bytes.getByte(start + i) + " (expected: " + expected + ")");
            }
        }
    }
}
