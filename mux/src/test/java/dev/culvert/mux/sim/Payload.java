package dev.culvert.mux.sim;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Random;

/**
 * A byte stream without end that anyone can make and check from a number: a lost, doubled or misplaced byte shows at its
 * offset. Its period is a prime, so that no whole number of frames is a period. <em>Immutable.</em>
 */
public record Payload(long seed) {
    private static final int PERIOD = 65_521;
    /** Random bytes, with enough of the beginning repeated that a slice never wraps. */
    private static final byte[] BYTES = twice();

    private static byte[] twice() {
        byte[] once = new byte[PERIOD];
        new Random(1).nextBytes(once);
        byte[] bytes = new byte[2 * PERIOD];
        System.arraycopy(once, 0, bytes, 0, PERIOD);
        System.arraycopy(once, 0, bytes, PERIOD, PERIOD);
        return bytes;
    }

    public byte at(long offset) {
        return BYTES[index(offset)];
    }

    public ByteBuf slice(ByteBufAllocator alloc, long offset, int length) {
        ByteBuf bytes = alloc.buffer(length, length);
        for (int done = 0; done < length; ) {
            int part = Math.min(PERIOD, length - done);
            bytes.writeBytes(BYTES, index(offset + done), part);
            done += part;
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
        int length = bytes.readableBytes();
        for (int done = 0; done < length; ) {
            int part = Math.min(PERIOD, length - done);
            ByteBuf expected = Unpooled.wrappedBuffer(BYTES).slice(index(offset + done), part);
            if (!ByteBufUtil.equals(bytes, start + done, expected, 0, part)) {
                throw differs(offset, bytes);
            }
            done += part;
        }
    }

    private AssertionError differs(long offset, ByteBuf bytes) {
        for (int i = 0; i < bytes.readableBytes(); i++) {
            byte found = bytes.getByte(bytes.readerIndex() + i);
            if (found != at(offset + i)) {
                return new AssertionError("byte " + (offset + i) + " of payload " + seed + ": " + found + " (expected: "
                        + at(offset + i) + ")");
            }
        }
        return new AssertionError("no difference");
    }

    private int index(long offset) {
        return (int) Math.floorMod(offset + seed * 7919, (long) PERIOD);
    }
}
