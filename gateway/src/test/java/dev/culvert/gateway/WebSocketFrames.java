package dev.culvert.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.StringJoiner;
import java.util.zip.Deflater;

/** Frames of RFC 6455 byte by byte, wrong ones too. <em>Stateless.</em> */
final class WebSocketFrames {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    /** Of the first byte. */
    static final int FIN = 0x80;

    static final int RSV1 = 0x40;

    private static final byte[] MASK = {0x37, (byte) 0xfa, 0x21, 0x3d};

    private WebSocketFrames() {}

    /** A masked frame as clients send it; {@code first} is its first byte. */
    static byte[] frame(int first, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(14 + payload.length).put((byte) first);
        if (payload.length < 126) {
            frame.put((byte) (0x80 | payload.length));
        } else if (payload.length < 65_536) {
            frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
        } else {
            frame.put((byte) (0x80 | 127)).putLong(payload.length);
        }
        frame.put(MASK);
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (payload[i] ^ MASK[i % 4]));
        }
        return Arrays.copyOf(frame.array(), frame.position());
    }

    static byte[] text(String text) {
        return frame(FIN | TEXT, text.getBytes(UTF_8));
    }

    static byte[] ping(String text) {
        return frame(FIN | PING, text.getBytes(UTF_8));
    }

    static byte[] close(int code, String reason) {
        byte[] text = reason.getBytes(UTF_8);
        return frame(
                FIN | CLOSE,
                ByteBuffer.allocate(2 + text.length)
                        .putShort((short) code)
                        .put(text)
                        .array());
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** A message as RFC 7692, 7.2.1 compresses it: without the four bytes that end each flush. */
    static byte[] deflated(byte[] payload) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        deflater.setInput(payload);
        byte[] out = new byte[payload.length + 100];
        int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
        deflater.end();
        return Arrays.copyOf(out, length - 4);
    }

    /** What a server sent, one word for each message: its kind and how much it holds, a close with its code. */
    static String describe(byte[] sent) {
        StringJoiner words = new StringJoiner(" ");
        ByteBuffer frames = ByteBuffer.wrap(sent);
        String kind = "";
        int before = 0;
        while (frames.hasRemaining()) {
            int first = frames.get() & 0xff;
            int length = frames.get() & 0xff; // a server does not mask
            length = length == 126 ? frames.getShort() & 0xffff : length == 127 ? (int) frames.getLong() : length;
            int opcode = first & 0xf;
            if (opcode > BINARY) {
                int code = opcode == CLOSE && length >= 2 ? frames.getShort(frames.position()) & 0xffff : length;
                words.add(kind(opcode) + "(" + code + ")");
            } else {
                kind = opcode == CONTINUATION ? kind : kind(opcode) + ((first & RSV1) != 0 ? "*" : "");
                before += length;
                if ((first & FIN) != 0) {
                    words.add(kind + "(" + (kind.endsWith("*") ? "" : before) + ")");
                    before = 0;
                }
            }
            frames.position(frames.position() + length);
        }
        return words.toString();
    }

    private static String kind(int opcode) {
        return switch (opcode) {
            case TEXT -> "text";
            case BINARY -> "binary";
            case CLOSE -> "close";
            case PING -> "ping";
            case PONG -> "pong";
            default -> "opcode" + opcode;
        };
    }
}
