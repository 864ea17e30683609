package dev.culvert.link.transport;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * The header by which a load balancer says who its client is: PROXY protocol, version 2 (haproxy's proxy-protocol.txt, section 2.2).
 * <em>Immutable.</em>
 *
 * @param length of the whole header in bytes
 * @param client null if the balancer speaks for itself (a health check) or does not say
 */
record ProxyHeader(int length, @Nullable InetSocketAddress client) {
    private static final int FIXED = 16;
    private static final int MOST = 536;
    private static final int VERSION_2 = 0x20;
    private static final int PROXY_COMMAND = 1;
    private static final int TCP4 = 0x11;
    private static final int TCP6 = 0x21;

    /**
     * Null: more bytes are needed.
     *
     * @throws IllegalArgumentException not a header of version 2
     */
    static @Nullable ProxyHeader read(ByteBuf in) {
        if (in.readableBytes() < FIXED) {
            return null;
        }
        int at = in.readerIndex();
        int versionAndCommand = in.getUnsignedByte(at + 12);
        int family = in.getUnsignedByte(at + 13);
        int length = FIXED + in.getUnsignedShort(at + 14);
        int command = versionAndCommand & 0x0f;
        if ((versionAndCommand & 0xf0) != VERSION_2 || command > PROXY_COMMAND || length > MOST) {
            throw new IllegalArgumentException("PROXY header of " + length + " bytes, version and command "
                    + versionAndCommand + " (expected: version 2, at most " + MOST + " bytes)");
        }
        if (in.readableBytes() < length) {
            return null;
        }
        return new ProxyHeader(
                length, command == PROXY_COMMAND ? client(in, at + FIXED, family, length - FIXED) : null);
    }

    private static @Nullable InetSocketAddress client(ByteBuf in, int at, int family, int available) {
        int size = family == TCP4 ? 4 : family == TCP6 ? 16 : 0;
        if (size == 0) {
            return null;
        }
        if (available < 2 * size + 4) {
            throw new IllegalArgumentException(
                    "PROXY header with " + available + " bytes of addresses (expected: " + (2 * size + 4) + ")");
        }
        byte[] address = new byte[size];
        in.getBytes(at, address);
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address), in.getUnsignedShort(at + 2 * size));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of 4 or 16 bytes is always lawful", e);
        }
    }
}
