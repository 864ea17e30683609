package dev.culvert.mux.sim;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.Locale;

/**
 * One frame as it stands on the wire, proper or not. <em>Immutable</em> by convention: nobody changes {@code payload}.
 *
 * @param length the field of the header; in a Data frame it usually is {@code payload.length}
 */
public record Frame(int version, int type, int flags, int id, int length, byte[] payload) {
    public static final int HEADER = 12;

    public static final int DATA = 0;
    public static final int WINDOW_UPDATE = 1;
    public static final int PING = 2;
    public static final int GO_AWAY = 3;

    public static final int SYN = 1;
    public static final int ACK = 2;
    public static final int FIN = 4;
    public static final int RST = 8;
    public static final int STOP = 0x10;

    private static final byte[] NOTHING = {};

    public static Frame data(int version, int flags, int id, byte... payload) {
        return new Frame(version, DATA, flags, id, payload.length, payload);
    }

    public static Frame data(int version, int flags, int id, String payload) {
        return data(version, flags, id, payload.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    public static Frame windowUpdate(int version, int flags, int id, int credit) {
        return new Frame(version, WINDOW_UPDATE, flags, id, credit, NOTHING);
    }

    public static Frame ping(int version, int flags, int value) {
        return new Frame(version, PING, flags, 0, value, NOTHING);
    }

    public static Frame goAway(int version, int code) {
        return new Frame(version, GO_AWAY, 0, 0, code, NOTHING);
    }

    /** A frame with this header and no payload, whatever its length says. */
    public static Frame header(int version, int type, int flags, int id, int length) {
        return new Frame(version, type, flags, id, length, NOTHING);
    }

    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    public boolean isData() {
        return type == DATA;
    }

    public ByteBuf encode(ByteBufAllocator alloc) {
        return alloc.buffer(HEADER + payload.length).writeBytes(bytes());
    }

    public byte[] bytes() {
        return ByteBuffer.allocate(HEADER + payload.length)
                .put((byte) version)
                .put((byte) type)
                .putShort((short) flags)
                .putInt(id)
                .putInt(length)
                .put(payload)
                .array();
    }

    public String text() {
        return new String(payload, java.nio.charset.StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        String name =
                type >= 0 && type <= 3 ? new String[] {"Data", "WindowUpdate", "Ping", "GoAway"}[type] : "type" + type;
        return String.format(
                Locale.ROOT,
                "v%d %s%s id=%d length=%d",
                version,
                name,
                flagNames(),
                id,
                Integer.toUnsignedLong(length));
    }

    private String flagNames() {
        StringBuilder names = new StringBuilder();
        String[] known = {"SYN", "ACK", "FIN", "RST", "STOP"};
        for (int bit = 0; bit < known.length; bit++) {
            if (has(1 << bit)) {
                names.append('|').append(known[bit]);
            }
        }
        return flags >>> known.length == 0 ? names.toString() : names + "|flags=" + flags;
    }
}
