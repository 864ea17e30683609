package dev.culvert.link.transport;

/**
 * How to connect. <em>Immutable.</em>
 *
 * @param trust for {@code tls} and {@code wss}
 * @param proxy how to get out
 * @param resolveMillis limit of the name look-up
 * @param tcpMillis limit of the TCP connect over all addresses, proxy included
 * @param tlsMillis limit of the TLS handshake
 * @param upgradeMillis limit of the WebSocket upgrade
 */
public record ConnectOptions(
        Trust trust, Proxy proxy, long resolveMillis, long tcpMillis, long tlsMillis, long upgradeMillis) {
    public static final ConnectOptions DEFAULT =
            new ConnectOptions(Trust.SYSTEM, Proxy.FROM_ENVIRONMENT, 10_000, 10_000, 10_000, 10_000);

    public ConnectOptions {
        check("resolveMillis", resolveMillis);
        check("tcpMillis", tcpMillis);
        check("tlsMillis", tlsMillis);
        check("upgradeMillis", upgradeMillis);
    }

    public ConnectOptions withTrust(Trust newTrust) {
        return new ConnectOptions(newTrust, proxy, resolveMillis, tcpMillis, tlsMillis, upgradeMillis);
    }

    public ConnectOptions withProxy(Proxy newProxy) {
        return new ConnectOptions(trust, newProxy, resolveMillis, tcpMillis, tlsMillis, upgradeMillis);
    }

    private static void check(String name, long millis) {
        if (millis < 1) {
            throw new IllegalArgumentException(name + ": " + millis + " (expected: >= 1)");
        }
    }
}
