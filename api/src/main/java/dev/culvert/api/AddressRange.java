package dev.culvert.api;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Addresses with a common beginning, {@code 10.0.0.0/8}; a single address stands for itself. <em>Immutable.</em> */
public final class AddressRange {
    private static final String OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
    private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
    private static final Pattern IPV6 = Pattern.compile("(?=[^:]*:)[0-9a-fA-F:][0-9a-fA-F:.]*");
    private static final Pattern BITS = Pattern.compile("\\d{1,3}");

    private final byte[] prefix;
    private final int bits;

    private AddressRange(byte[] prefix, int bits) {
        this.prefix = prefix;
        this.bits = bits;
    }

    /**
     * @param text as {@code 10.0.0.0/8}, {@code 192.0.2.7} or {@code fd00::/8}; nothing is looked up
     * @throws IllegalArgumentException one line: the value and the expectation
     */
    public static AddressRange parse(String text) {
        AddressRange range = parseOrNull(text);
        if (range == null) {
            throw new IllegalArgumentException("network '" + text + "' (expected: 10.0.0.0/8, 192.0.2.7 or fd00::/8)");
        }
        return range;
    }

    /** The same; null: the text is none. */
    public static @Nullable AddressRange parseOrNull(String text) {
        int slash = text.indexOf('/');
        InetAddress address = address(slash < 0 ? text : text.substring(0, slash));
        if (address == null) {
            return null;
        }
        byte[] prefix = address.getAddress();
        int most = prefix.length * Byte.SIZE;
        String count = slash < 0 ? Integer.toString(most) : text.substring(slash + 1);
        int bits = BITS.matcher(count).matches() ? Integer.parseInt(count) : -1;
        return bits < 0 || bits > most ? null : new AddressRange(prefix, bits);
    }

    /** Null: the text is no address. */
    private static @Nullable InetAddress address(String text) {
        if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
            return null;
        }
        try {
            return InetAddress.getByName(text); // of such characters it is an address or nothing: no name
        } catch (UnknownHostException e) {
            return null;
        }
    }

    /** How many bits all of them have in common. */
    public int bits() {
        return bits;
    }

    public boolean contains(InetAddress address) {
        byte[] other = address.getAddress();
        if (other.length != prefix.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> bit % Byte.SIZE;
            if ((other[bit / Byte.SIZE] & mask) != (prefix[bit / Byte.SIZE] & mask)) {
                return false;
            }
        }
        return true;
    }
}
