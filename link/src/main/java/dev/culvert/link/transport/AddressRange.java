package dev.culvert.link.transport;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** Addresses with a common beginning, {@code 10.0.0.0/8}; a single address stands for itself. <em>Immutable.</em> */
public record AddressRange(byte[] prefix, int bits) {
    public AddressRange {
        prefix = prefix.clone();
    }

    @Override
    public byte[] prefix() {
        return prefix.clone();
    }

    static boolean isRange(String text) {
        int slash = text.indexOf('/');
        return slash > 0 && NetUtil.createByteArrayFromIpAddressString(text.substring(0, slash)) != null;
    }

    /** @throws IllegalArgumentException one line */
    public static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        byte @Nullable [] address =
                NetUtil.createByteArrayFromIpAddressString(slash < 0 ? text : text.substring(0, slash));
        try {
            int bits = slash < 0 || address == null
                    ? address == null ? -1 : address.length * Byte.SIZE
                    : Integer.parseInt(text.substring(slash + 1));
            if (address != null && bits >= 0 && bits <= address.length * Byte.SIZE) {
                return new AddressRange(address, bits);
            }
        } catch (NumberFormatException e) {
            throw bad(text);
        }
        throw bad(text);
    }

    public boolean contains(InetAddress address) {
        return contains(address.getAddress());
    }

    boolean containsText(String address) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        return bytes != null && contains(bytes);
    }

    private boolean contains(byte[] address) {
        if (address.length != prefix.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> bit % Byte.SIZE;
            if ((address[bit / Byte.SIZE] & mask) != (prefix[bit / Byte.SIZE] & mask)) {
                return false;
            }
        }
        return true;
    }

    private static IllegalArgumentException bad(String text) {
        return new IllegalArgumentException("address range '" + text + "' (expected: such as 10.0.0.0/8 or fd00::/8)");
    }
}
