package dev.culvert.mux;

import io.netty.buffer.ByteBuf;

/**
 * The twelve bytes before each frame: {@code u8 version | u8 type | u16 flags | u32 id | u32 length}. The first eight are
 * handled as one word. <em>Immutable.</em> Pure. [MUX-1]
 */
final class FrameHeader {
    static final int LENGTH = 12;

    static final int DATA = 0;
    static final int WINDOW_UPDATE = 1;
    static final int PING = 2;
    static final int GO_AWAY = 3;

    static final int SYN = 1;
    static final int ACK = 2;
    static final int FIN = 4;
    static final int RST = 8;
    static final int STOP = 0x10;

    private FrameHeader() {}

    static void write(ByteBuf out, Profile profile, int typeAndFlags, int id, int length) {
        out.writeLong((long) profile.version() << 56 | (long) typeAndFlags << 32 | id & 0xffff_ffffL);
        out.writeInt(length);
    }

    /** The middle of the word: type and flags, as {@link #write} takes them. */
    static int typeAndFlags(int type, int flags) {
        return type << 16 | flags;
    }

    static int version(long word) {
        return (int) (word >>> 56);
    }

    static int type(long word) {
        return (int) (word >>> 48) & 0xff;
    }

    static int flags(long word) {
        return (int) (word >>> 32) & 0xffff;
    }

    static int id(long word) {
        return (int) word;
    }
}
