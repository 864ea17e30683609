package dev.culvert.mux.interop;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Arrays;
import java.util.zip.CRC32;

/** The payload that the foreign peers generate too: a byte is a function of its offset, with a period of 64 KiB. */
final class Pattern {
    private static final int PERIOD = 1 << 16;
    /** Two periods, so that up to one period can be read from any start. */
    private static final byte[] BYTES = bytes();

    private Pattern() {}

    private static byte[] bytes() {
        byte[] bytes = new byte[2 * PERIOD];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 7 + (i >> 8));
        }
        return bytes;
    }

    /** @param length at most 64 KiB */
    static ByteBuf slice(ByteBufAllocator alloc, long offset, int length) {
        return alloc.buffer(length, length).writeBytes(BYTES, (int) (offset % PERIOD), length);
    }

    /** The offset of the first byte that differs, or -1. */
    static long mismatch(long offset, ByteBuf bytes) {
        byte[] found = new byte[bytes.readableBytes()];
        bytes.getBytes(bytes.readerIndex(), found);
        for (int done = 0; done < found.length; done += PERIOD) {
            int start = (int) ((offset + done) % PERIOD);
            int length = Math.min(PERIOD, found.length - done);
            int wrong = Arrays.mismatch(found, done, done + length, BYTES, start, start + length);
            if (wrong >= 0) {
                return offset + done + wrong;
            }
        }
        return -1;
    }

    static int crc(int length) {
        CRC32 crc = new CRC32();
        for (int done = 0; done < length; done += PERIOD) {
            crc.update(BYTES, 0, Math.min(PERIOD, length - done));
        }
        return (int) crc.getValue();
    }
}
