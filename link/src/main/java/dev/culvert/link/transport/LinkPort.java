package dev.culvert.link.transport;

import io.netty.util.concurrent.Future;
import java.net.SocketAddress;

/**
 * A listening end for links. One port takes TLS, WebSocket upgrades and, if configured, links in clear, told apart by their first
 * bytes; it never speaks first. <em>Any thread.</em>
 */
public final class LinkPort implements AutoCloseable {
    private LinkPort() {}

    /**
     * Listens at {@code endpoint}; {@code tls://host:port} (takes TLS and {@code wss}, and what {@code options} permits), {@code
     * unix:/path} or {@code mem:name}. Fails with an {@link java.io.IOException} whose message names the endpoint and the next step.
     */
    public static Future<LinkPort> bind(
            Loops loops, Endpoint endpoint, LinkPortOptions options, LinkAcceptor acceptor) {
        throw new UnsupportedOperationException();
    }

    /** Where it listens, with the port that the system chose if 0 was asked for. */
    public Endpoint endpoint() {
        throw new UnsupportedOperationException();
    }

    public SocketAddress address() {
        throw new UnsupportedOperationException();
    }

    /** Accepts no more; connections that are not yet established are closed, others live on. Idempotent. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
