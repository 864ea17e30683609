package dev.culvert.policy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * The text of a join string: {@code culvert://addresses/blob}, the blob being base64url of: version, length of all (2 bytes), per relay a
 * flag byte and the pin, the token, CRC-32 over addresses and all that stands before it. The length tells a text that was cut from one that
 * was mistyped. <em>Stateless.</em>
 */
final class JoinStringCodec {
    static final int MAX_RELAYS = 16;
    static final int PIN_BYTES = 32;
    private static final int VERSION = 1;
    private static final int HEAD_BYTES = 3;
    private static final int RELAY_BYTES = 1 + PIN_BYTES;
    private static final int CHECK_BYTES = 4;
    private static final int PUBLIC_CERTIFICATE = 1;
    private static final int MAX_TEXT = 16_384;
    private static final String SCHEME = "culvert://";
    private static final Pattern ADDRESS = Pattern.compile("(?:\\[([0-9a-f:.%]+)]|([^\\[\\]:/,]+)):(\\d{1,5})");
    private static final Pattern HOST = Pattern.compile("[a-z0-9_]([a-z0-9._-]{0,252}[a-z0-9_.])?");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-f:.]{2,45}(%[a-z0-9._-]{1,32})?");
    private static final String NEXT = "; paste the whole line that 'culvert invite' printed, or make another one there";

    private JoinStringCodec() {}

    static void checkHost(String host) {
        if (!(host.indexOf(':') >= 0 ? IPV6 : HOST).matcher(host).matches()) {
            throw new IllegalArgumentException("relay host '" + Names.printable(host)
                    + "' (expected: a host name in lower case, an IPv4 or an IPv6 address)");
        }
    }

    static String print(JoinString join) {
        byte[] token = Digests.fromBase64(join.token());
        int length = HEAD_BYTES + RELAY_BYTES * join.relays().size() + token.length + CHECK_BYTES;
        ByteArrayOutputStream blob = new ByteArrayOutputStream(length);
        blob.write(VERSION);
        blob.write(length >> 8);
        blob.write(length);
        for (JoinString.Relay relay : join.relays()) {
            blob.write(relay.publicCertificate() ? PUBLIC_CERTIFICATE : 0);
            blob.writeBytes(relay.pin());
        }
        blob.writeBytes(token);
        String addresses = String.join(
                ",", join.relays().stream().map(JoinString.Relay::address).toList());
        int check = check(addresses, blob.toByteArray());
        blob.writeBytes(ByteBuffer.allocate(CHECK_BYTES).putInt(check).array());
        return SCHEME + addresses + "/" + Digests.base64(blob.toByteArray());
    }

    static JoinString parse(String text) {
        String value = text.strip();
        if (!value.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw bad("does not begin with " + SCHEME);
        }
        int slash = value.indexOf('/', SCHEME.length());
        if (value.length() > MAX_TEXT) {
            throw bad("has " + value.length() + " characters (expected: at most " + MAX_TEXT + ")");
        }
        if (slash < 0) {
            throw bad("is cut off: there is no '/' after the addresses");
        }
        String addresses = value.substring(SCHEME.length(), slash).toLowerCase(Locale.ROOT);
        byte[] blob = blob(value.substring(slash + 1));
        if (check(addresses, Arrays.copyOf(blob, blob.length - CHECK_BYTES))
                != ByteBuffer.wrap(blob, blob.length - CHECK_BYTES, CHECK_BYTES).getInt()) {
            throw bad("for " + Names.printable(addresses) + " is mistyped or its addresses were changed: its checksum does not fit");
        }
        return join(addresses.split(",", -1), blob);
    }

    private static JoinString join(String[] addresses, byte[] blob) {
        int tokenAt = HEAD_BYTES + RELAY_BYTES * addresses.length;
        if (tokenAt > blob.length - CHECK_BYTES) {
            throw bad("names " + addresses.length + " addresses and has fewer keys");
        }
        List<JoinString.Relay> relays = new ArrayList<>();
        for (int i = 0; i < addresses.length; i++) {
            int at = HEAD_BYTES + RELAY_BYTES * i;
            byte[] pin = Arrays.copyOfRange(blob, at + 1, at + RELAY_BYTES);
            relays.add(relay(addresses[i], pin, (blob[at] & PUBLIC_CERTIFICATE) != 0));
        }
        String token = Digests.base64(Arrays.copyOfRange(blob, tokenAt, blob.length - CHECK_BYTES));
        try {
            JoinToken.parse(token);
            return new JoinString(relays, token);
        } catch (IllegalArgumentException e) {
            throw bad("carries a credential that " + e.getMessage());
        }
    }

    private static JoinString.Relay relay(String address, byte[] pin, boolean publicCertificate) {
        Matcher parts = ADDRESS.matcher(address);
        if (!parts.matches()) {
            throw bad("has the address '" + Names.printable(address) + "' (expected: host:port)");
        }
        String host = parts.group(1) != null ? parts.group(1) : parts.group(2);
        try {
            return new JoinString.Relay(host, Integer.parseInt(parts.group(3)), pin, publicCertificate);
        } catch (IllegalArgumentException e) {
            throw bad("has the address '" + Names.printable(address) + "': " + e.getMessage());
        }
    }

    /** Never says anything about the content but its length and the place of a wrong character. */
    private static byte[] blob(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_')) {
                throw bad("is mistyped: character " + (i + 1) + " after the addresses is not one of A-Z a-z 0-9 - _");
            }
        }
        // one character alone in the last group of four carries no byte: it was cut there
        byte[] blob = java.util.Base64.getUrlDecoder().decode(text.length() % 4 == 1 ? text.substring(0, text.length() - 1) : text);
        if (blob.length < HEAD_BYTES) {
            throw bad("is cut off: " + text.length() + " characters follow the addresses");
        }
        if (blob[0] != VERSION) {
            throw bad("has version " + (blob[0] & 0xff) + " (expected: " + VERSION + "), so it is mistyped or made by a newer culvert");
        }
        int length = (blob[1] & 0xff) << 8 | blob[2] & 0xff;
        if (blob.length != length || length < HEAD_BYTES + RELAY_BYTES + CHECK_BYTES) {
            throw bad((blob.length < length ? "is cut off: " : "is too long: ") + blob.length + " bytes (expected: " + length + ")");
        }
        return blob;
    }

    private static int check(String addresses, byte[] blob) {
        CRC32 crc = new CRC32();
        crc.update(addresses.getBytes(StandardCharsets.UTF_8));
        crc.update(blob);
        return (int) crc.getValue();
    }

    private static IllegalArgumentException bad(String what) {
        return new IllegalArgumentException("join string " + what + NEXT);
    }
}
