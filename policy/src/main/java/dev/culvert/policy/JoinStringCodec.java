package dev.culvert.policy;

import dev.culvert.policy.JoinString.Transport;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.CRC32;

/**
 * The text of a join string, [LINK-30] to [LINK-32]. Our issuers end the token with a dot and a CRC-32 of all that stands before it, by
 * which a text that was cut or mistyped is known before anything is sent. <em>Stateless.</em> Errors never show keys or token.
 */
final class JoinStringCodec {
    static final int MAX_RELAYS = 16;
    static final char CHECK = '.';
    private static final int CHECK_CHARS = 6;
    private static final int MAX_TEXT = 16_384;
    private static final Pattern ADDRESS =
            Pattern.compile("(?:\\[([0-9a-f:.]+(?:%[a-z0-9._-]+)?)]|([^\\[\\]:/,]+)):(\\d{1,5})");
    private static final Pattern HOST = Pattern.compile("[a-z0-9_]([a-z0-9._-]{0,252}[a-z0-9_.])?");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-f:.]{2,45}(%[a-z0-9._-]{1,32})?");
    private static final Pattern UNUSUAL = Pattern.compile("[^A-Za-z0-9_,./-]");
    private static final String NEXT =
            "; paste the whole line that 'culvert invite' printed, or make another one there";

    private JoinStringCodec() {}

    static void checkHost(String host) {
        if (!(host.indexOf(':') >= 0 ? IPV6 : HOST).matcher(host).matches()) {
            throw new IllegalArgumentException("relay host '" + Names.printable(host)
                    + "' (expected: a host name in lower case, an IPv4 or an IPv6 address)");
        }
    }

    static String print(JoinString join) {
        String body = join.relays().stream().map(JoinString.Relay::address).collect(Collectors.joining(","))
                + "/"
                + join.relays().stream().map(r -> Digests.base64(r.key())).collect(Collectors.joining(","))
                + "/" + join.token();
        return join.transport().scheme() + body + CHECK + check(body);
    }

    static JoinString parse(String text) {
        String value = text.strip();
        if (value.length() > MAX_TEXT) {
            throw bad("has " + value.length() + " characters (expected: at most " + MAX_TEXT + ")");
        }
        Transport transport = transport(value);
        String[] parts = value.substring(transport.scheme().length()).split("/", 3);
        if (parts.length < 3) {
            throw bad("is cut off: " + (parts.length == 1 ? "nothing follows the addresses" : "there is no token"));
        }
        String addresses = parts[0].toLowerCase(Locale.ROOT);
        String token = verified(addresses + "/" + parts[1] + "/" + parts[2], parts[2]);
        return new JoinString(relays(addresses.split(",", -1), parts[1].split(",", -1)), token, transport);
    }

    private static Transport transport(String value) {
        for (Transport transport : Transport.values()) {
            String scheme = transport.scheme();
            if (value.regionMatches(true, 0, scheme, 0, scheme.length())) {
                return transport;
            }
        }
        throw bad("does not begin with " + Transport.TLS.scheme());
    }

    /** The token without its check, if the check is there and fits. */
    private static String verified(String body, String token) {
        Matcher unusual = UNUSUAL.matcher(body.substring(body.indexOf('/')));
        if (unusual.find()) {
            throw bad("is mistyped: character " + unusual.start()
                    + " after the addresses is not one of A-Z a-z 0-9 - _ . ,");
        }
        int check = token.indexOf(CHECK);
        if (check < 0 || token.length() - check - 1 < CHECK_CHARS) {
            throw bad("is cut off: its last " + CHECK_CHARS + " characters, the check, are not there");
        }
        if (token.length() - check - 1 > CHECK_CHARS) {
            throw bad("is too long: something follows the check at its end");
        }
        int bodyEnd = body.length() - CHECK_CHARS - 1;
        if (!check(body.substring(0, bodyEnd)).equals(body.substring(bodyEnd + 1))) {
            throw bad("for " + Names.printable(body.substring(0, body.indexOf('/')))
                    + " is mistyped, or its addresses were changed: the check at its end does not fit");
        }
        return token.substring(0, check);
    }

    private static List<JoinString.Relay> relays(String[] addresses, String[] keys) {
        if (addresses.length != keys.length || addresses.length > MAX_RELAYS) {
            throw bad("has " + addresses.length + " addresses and " + keys.length + " keys (expected: as many, at most "
                    + MAX_RELAYS + ")");
        }
        List<JoinString.Relay> relays = new ArrayList<>();
        for (int i = 0; i < addresses.length; i++) {
            relays.add(relay(addresses[i], keys[i]));
        }
        return relays;
    }

    private static JoinString.Relay relay(String address, String key) {
        Matcher parts = ADDRESS.matcher(address);
        if (!parts.matches()) {
            throw bad("has the address '" + Names.printable(address) + "' (expected: host:port)");
        }
        String host = parts.group(1) != null ? parts.group(1) : parts.group(2);
        try {
            return new JoinString.Relay(host, Integer.parseInt(parts.group(3)), Digests.fromBase64(key));
        } catch (IllegalArgumentException e) {
            throw bad("has for the address '" + Names.printable(address) + "': " + e.getMessage());
        }
    }

    private static String check(String body) {
        CRC32 crc = new CRC32();
        crc.update(body.getBytes(StandardCharsets.UTF_8));
        return Digests.base64(
                ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array());
    }

    private static IllegalArgumentException bad(String what) {
        return new IllegalArgumentException("join string " + what + NEXT);
    }
}
