package dev.culvert.api.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Addresses of the internet's form that carry a name and lead nowhere: for libraries that look a host up before they connect, so that the
 * name reaches the socket. <em>Stateless.</em> The bytes are of 100::/64, which routers discard (RFC 6666), and differ by name.
 */
public final class NamedAddress {
    private static final int BYTES = 16;
    private static final int PREFIX_BYTES = 8;

    private NamedAddress() {}

    /** The address of a name; nothing is looked up. Equal names give equal addresses. */
    public static InetAddress of(String name) {
        try {
            byte[] bytes = new byte[BYTES];
            bytes[0] = 1;
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            System.arraycopy(digest, 0, bytes, PREFIX_BYTES, BYTES - PREFIX_BYTES);
            return InetAddress.getByAddress(name, bytes);
        } catch (NoSuchAlgorithmException | UnknownHostException e) {
            throw new IllegalStateException("every JDK knows SHA-256 and takes 16 bytes", e);
        }
    }

    /** The same place with its name kept; one that could not be looked up counts as found. */
    static InetSocketAddress of(InetSocketAddress place) {
        return place.isUnresolved() ? new InetSocketAddress(of(place.getHostString()), place.getPort()) : place;
    }
}
