package dev.culvert.http2;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Tells clients from reversed connections by how they begin. <em>Immutable</em>, pure. In this order:
 *
 * <ul>
 *   <li>the preface of an HTTP/2 client (RFC 9113 3.4), a TLS record, or a method of HTTP/1: a client. What begins as the preface and goes
 *       on otherwise is refused;
 *   <li>one of the bare names, or a line {@code REVERSE name}: a reversed connection that announced its name;
 *   <li>all else: a reversed connection whose server speaks first, as HTTP/2 servers do with SETTINGS.
 * </ul>
 *
 * <p>Once decided, more bytes change nothing. That a connection says nothing at all is for the caller to see.
 */
final class FirstBytes {
    /** RFC 9113 3.4. */
    static final byte[] PREFACE = ascii("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

    /** What a line with a name begins with. */
    static final byte[] ANNOUNCEMENT = ascii("REVERSE ");

    /** From so many equal bytes on nothing but the preface can be meant. */
    private static final int MEANT_AS_PREFACE = 3;

    private static final byte[] TLS_RECORD = {22, 3};
    private static final List<byte[]> CLIENTS = clients();

    private final List<byte[]> bareNames;

    /** @param bareNames names that are announced by their bytes alone, see {@link Announcement#bare} */
    FirstBytes(Set<String> bareNames) {
        this.bareNames = bareNames.stream().map(FirstBytes::ascii).toList();
    }

    private static List<byte[]> clients() {
        List<byte[]> all = new ArrayList<>();
        all.add(TLS_RECORD);
        for (String method : List.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "CONNECT", "TRACE")) {
            all.add(ascii(method + " "));
        }
        return List.copyOf(all);
    }

    /** Looks at all readable bytes, the first that the connection sent, and leaves them there. */
    Verdict of(ByteBuf soFar) {
        int same = same(soFar, PREFACE);
        if (same == PREFACE.length) {
            return Verdict.CLIENT;
        }
        boolean open = same == soFar.readableBytes();
        if (!open && same >= MEANT_AS_PREFACE) {
            return new Verdict.Refused("malformed HTTP/2 preface: byte " + (same + 1) + " is "
                    + soFar.getUnsignedByte(soFar.readerIndex() + same) + " (expected: " + PREFACE[same] + ")");
        }
        for (byte[] client : CLIENTS) {
            int equal = same(soFar, client);
            if (equal == client.length) {
                return Verdict.CLIENT;
            }
            open |= equal == soFar.readableBytes();
        }
        return reversed(soFar, open);
    }

    private Verdict reversed(ByteBuf soFar, boolean open) {
        boolean undecided = open;
        for (byte[] name : bareNames) {
            int equal = same(soFar, name);
            if (equal == name.length) {
                return new Verdict.Reversed(new String(name, StandardCharsets.US_ASCII), name.length);
            }
            undecided |= equal == soFar.readableBytes();
        }
        int equal = same(soFar, ANNOUNCEMENT);
        if (equal == ANNOUNCEMENT.length) {
            return announced(soFar);
        }
        return undecided || equal == soFar.readableBytes() ? Verdict.UNDECIDED : new Verdict.Reversed("", 0);
    }

    private static Verdict announced(ByteBuf soFar) {
        StringBuilder name = new StringBuilder();
        for (int at = soFar.readerIndex() + ANNOUNCEMENT.length; at < soFar.writerIndex(); at++) {
            char next = (char) soFar.getUnsignedByte(at);
            if (next == '\n') {
                return name.isEmpty()
                        ? new Verdict.Refused("announced an empty name (expected: REVERSE name)")
                        : new Verdict.Reversed(name.toString(), at + 1 - soFar.readerIndex());
            }
            if (!Announcement.permits(next) || name.length() == Announcement.LONGEST) {
                return new Verdict.Refused("malformed announcement after '" + name + "' (expected: up to "
                        + Announcement.LONGEST + " letters, digits, dots, dashes or underscores, then a line feed)");
            }
            name.append(next);
        }
        return Verdict.UNDECIDED;
    }

    /** How many bytes both begin with. */
    private static int same(ByteBuf bytes, byte[] token) {
        int length = Math.min(token.length, bytes.readableBytes());
        for (int i = 0; i < length; i++) {
            if (bytes.getByte(bytes.readerIndex() + i) != token[i]) {
                return i;
            }
        }
        return length;
    }

    /** Whether one of {@code name} and what else is known begins with the other, so that nobody could tell them apart. */
    static boolean isAmbiguous(String name) {
        List<byte[]> known = new ArrayList<>(CLIENTS);
        known.add(PREFACE);
        known.add(ANNOUNCEMENT);
        byte[] bytes = ascii(name);
        return known.stream().anyMatch(token -> beginsAlike(token, bytes));
    }

    /** Whether one begins with the whole of the other. */
    static boolean beginsAlike(byte[] one, byte[] other) {
        int mismatch = java.util.Arrays.mismatch(one, other);
        return mismatch < 0 || mismatch == Math.min(one.length, other.length);
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
