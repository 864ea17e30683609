package dev.culvert.policy;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The bytes of a join token: version, id, issuer, bounds, scope. Numbers are varints (7 bits a byte, low bits first), texts are UTF-8
 * after their length. One grant has exactly one encoding. <em>Stateless.</em>
 */
final class GrantCodec {
    private static final int VERSION = 1;
    private static final int PEER = 1;
    private static final int MAX_PATTERNS = 256;

    private GrantCodec() {}

    static ByteBuffer write(byte[] id, byte[] issuerId, Grant grant) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(96);
        out.write(VERSION);
        out.writeBytes(id);
        out.writeBytes(issuerId);
        varint(out, grant.joinByMillis());
        varint(out, grant.accessEndsMillis() == Long.MAX_VALUE ? 0 : grant.accessEndsMillis());
        varint(out, grant.maxUses());
        Scope scope = grant.scope();
        out.write(scope.peer() ? PEER : 0);
        varint(out, scope.publicPorts().isEmpty() ? 0 : scope.publicPorts().first());
        varint(out, scope.publicPorts().isEmpty() ? 0 : scope.publicPorts().last());
        text(out, scope.namespace());
        texts(out, scope.register().patterns());
        texts(out, scope.dial().patterns());
        return ByteBuffer.wrap(out.toByteArray());
    }

    /** @throws IllegalArgumentException anything but the encoding that {@link #write} makes */
    static JoinToken read(byte[] signed, byte[] signature) {
        ByteBuffer in = ByteBuffer.wrap(signed);
        try {
            if (in.get() != VERSION) {
                throw new IllegalArgumentException("has a version that this program does not know");
            }
            byte[] id = new byte[JoinToken.idBytes()];
            in.get(id);
            byte[] issuerId = new byte[JoinToken.idBytes()];
            in.get(issuerId);
            Grant grant = grant(in);
            if (in.hasRemaining() || !write(id, issuerId, grant).equals(ByteBuffer.wrap(signed))) {
                throw new IllegalArgumentException("is not in its one encoding");
            }
            HexFormat hex = HexFormat.of();
            return new JoinToken(hex.formatHex(id), hex.formatHex(issuerId), grant, signed, signature);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("ends too early", e);
        }
    }

    private static Grant grant(ByteBuffer in) {
        long joinBy = varint(in);
        long accessEnds = varint(in);
        long maxUses = varint(in);
        if (maxUses > Grant.MOST_USES) {
            throw new IllegalArgumentException("has a number out of range");
        }
        boolean peer = (in.get() & PEER) != 0;
        long first = varint(in);
        long last = varint(in);
        PortRange ports = first == 0 && last == 0
                ? PortRange.NONE
                : new PortRange((int) Math.min(first, 65536), (int) Math.min(last, 65536));
        Scope scope = new Scope(text(in), new NamePatterns(texts(in)), new NamePatterns(texts(in)), ports, peer);
        return new Grant(scope, joinBy, accessEnds == 0 ? Long.MAX_VALUE : accessEnds, (int) maxUses);
    }

    private static void varint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while (rest > 0x7f) {
            out.write((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("has a number out of range");
    }

    private static void text(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        varint(out, bytes.length);
        out.writeBytes(bytes);
    }

    private static String text(ByteBuffer in) {
        long length = varint(in);
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[(int) length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static void texts(ByteArrayOutputStream out, List<String> texts) {
        varint(out, texts.size());
        texts.forEach(text -> text(out, text));
    }

    private static List<String> texts(ByteBuffer in) {
        long count = varint(in);
        if (count > MAX_PATTERNS) {
            throw new IllegalArgumentException("has more than " + MAX_PATTERNS + " name patterns");
        }
        List<String> texts = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            texts.add(text(in));
        }
        return texts;
    }
}
