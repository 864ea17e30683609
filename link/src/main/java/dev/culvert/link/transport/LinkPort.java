package dev.culvert.link.transport;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * A listening end for links. One port takes TLS, WebSocket upgrades and, if configured, links in clear, told apart by their first
 * bytes; it never speaks first. <em>Any thread.</em>
 */
public final class LinkPort implements AutoCloseable {
    private final Endpoint endpoint;
    private final Channel listening;
    private final AcceptGate gate;
    private final PortRules rules;

    LinkPort(Endpoint asked, Channel listening, AcceptGate gate, PortRules rules) {
        this.endpoint = bound(asked, listening.localAddress());
        this.listening = listening;
        this.gate = gate;
        this.rules = rules;
    }

    /**
     * Listens at {@code endpoint}; {@code tls://host:port} (takes TLS and {@code wss}, and what {@code options} permits), {@code
     * unix:/path} or {@code mem:name}. Fails with an {@link java.io.IOException} whose message names the endpoint and the next step.
     */
    public static Future<LinkPort> bind(
            Loops loops, Endpoint endpoint, LinkPortOptions options, LinkAcceptor acceptor) {
        return PortBinding.bind(loops, endpoint, options, TlsEngine.preferred(), acceptor);
    }

    /** Where it listens, with the port that the system chose if 0 was asked for. */
    public Endpoint endpoint() {
        return endpoint;
    }

    public SocketAddress address() {
        return listening.localAddress();
    }

    /** Connections that have not yet proved who they are. */
    public int unproved() {
        return gate.present();
    }

    /** Accepts no more; connections that are not yet established are closed, others live on. Idempotent. */
    @Override
    public void close() {
        listening.close().addListener(closed -> {
            gate.closeAll();
            ServerTls tls = rules.tls();
            if (tls != null) {
                tls.release();
            }
            PortBinding.removeSocketFile(endpoint);
        });
    }

    /** Completes when {@link #close} has given the address back. */
    public Future<?> closed() {
        return listening.closeFuture();
    }

    private static Endpoint bound(Endpoint asked, SocketAddress address) {
        if (!(address instanceof InetSocketAddress inet)) {
            return asked;
        }
        if (asked instanceof Endpoint.Tls tls) {
            return new Endpoint.Tls(tls.host(), inet.getPort());
        }
        if (asked instanceof Endpoint.Tcp tcp) {
            return new Endpoint.Tcp(tcp.host(), inet.getPort());
        }
        return asked instanceof Endpoint.WebSocket web
                ? new Endpoint.WebSocket(web.secure(), web.host(), inet.getPort(), web.path())
                : asked;
    }
}
