package dev.culvert.policy;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32;

/**
 * A record as a line: CRC-32 of the rest, then a word and its fields. Without the newline. <em>Stateless.</em> Two programs of different
 * versions may read one file: an unknown word is an error, never skipped, since it may be a revocation.
 */
final class InviteRecordCodec {
    private InviteRecordCodec() {}

    static String print(InviteRecord record) {
        String body = body(record);
        return HexFormat.of().toHexDigits(crc(body)) + " " + body;
    }

    /** @throws IllegalArgumentException what is wrong with the line */
    static InviteRecord parse(String line) {
        int space = line.indexOf(' ');
        if (space != 8 || !line.substring(0, 8).equals(HexFormat.of().toHexDigits(crc(line.substring(9))))) {
            throw new IllegalArgumentException("its checksum does not fit");
        }
        String[] fields = line.substring(9).split(" ", -1);
        try {
            return record(fields);
        } catch (ArrayIndexOutOfBoundsException | NumberFormatException e) {
            throw new IllegalArgumentException("'" + fields[0] + "' with other fields than this version knows", e);
        }
    }

    private static String body(InviteRecord record) {
        if (record instanceof InviteRecord.Made made) {
            return "made " + made.atMillis() + " " + Digests.base64(made.token().signed()) + " " + made.hash() + " "
                    + escape(made.note());
        }
        if (record instanceof InviteRecord.Enrolled enrolled) {
            return "enrolled " + enrolled.atMillis() + " " + enrolled.inviteId() + " " + enrolled.principal() + " "
                    + escape(enrolled.node());
        }
        if (record instanceof InviteRecord.InviteRevoked revoked) {
            return "revoked-invite " + revoked.atMillis() + " " + revoked.inviteId();
        }
        InviteRecord.KeyRevoked revoked = (InviteRecord.KeyRevoked) record;
        return "revoked-key " + revoked.atMillis() + " " + revoked.principal();
    }

    private static InviteRecord record(String[] fields) {
        long at = Long.parseLong(fields[1]);
        return switch (fields[0]) {
            case "made" ->
                new InviteRecord.Made(
                        at,
                        GrantCodec.read(Digests.fromBase64(fields[2]), new byte[0]),
                        fields[3],
                        unescape(fields[4]));
            case "enrolled" -> new InviteRecord.Enrolled(at, fields[2], fields[3], unescape(fields[4]));
            case "revoked-invite" -> new InviteRecord.InviteRevoked(at, fields[2]);
            case "revoked-key" -> new InviteRecord.KeyRevoked(at, fields[2]);
            default ->
                throw new IllegalArgumentException(
                        "'" + Names.printable(fields[0]) + "' is a record that this version does not know");
        };
    }

    private static String escape(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String unescape(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static int crc(String body) {
        CRC32 crc = new CRC32();
        crc.update(body.getBytes(StandardCharsets.UTF_8));
        return (int) crc.getValue();
    }
}
