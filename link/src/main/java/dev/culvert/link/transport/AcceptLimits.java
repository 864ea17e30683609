package dev.culvert.link.transport;

/**
 * What a {@link LinkPort} grants to connections that have not proved who they are. <em>Immutable.</em>
 *
 * @param handshakes connections at work, in all; others wait in line, up to three times {@code handshakeMillis}
 * @param perAddress connections per source address (IPv6: per /64)
 * @param connections silent and waiting ones included; beyond, the port stops accepting for a while
 * @param silentMillis until the first 12 bytes have come
 * @param handshakeMillis from the start of the work to {@link IncomingLink#established}
 * @param bytes received from one connection
 */
public record AcceptLimits(
        int handshakes, int perAddress, int connections, long silentMillis, long handshakeMillis, long bytes) {
    public static final AcceptLimits DEFAULT = new AcceptLimits(256, 64, 4096, 10_000, 10_000, 256 * 1024);

    public AcceptLimits {
        check("handshakes", handshakes);
        check("perAddress", perAddress);
        check("connections", connections);
        check("silentMillis", silentMillis);
        check("handshakeMillis", handshakeMillis);
        check("bytes", bytes);
    }

    private static void check(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: >= 1)");
        }
    }
}
