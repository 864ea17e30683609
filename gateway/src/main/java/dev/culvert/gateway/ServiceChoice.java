package dev.culvert.gateway;

import dev.culvert.api.DialOptions;
import dev.culvert.node.HttpTerms;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which connections to a service may carry a request: the version of HTTP, and whose connections. Owned by the event loop of its client.
 */
final class ServiceChoice {
    /** Of a dial: which version the service's node is to agree on in TLS. [OPEN-17] */
    private static final String PROTOCOL = "culvert-alpn";

    private final ServiceConnector connector;
    private final ServicePool pool;
    private final HttpTerms terms;
    private ServicePool.Key key;
    private boolean tunnel;
    private boolean fellBack;
    private final int maxHeadBytes;

    /**
     * gRPC is HTTP/2 by definition; what becomes another protocol than WebSocket is HTTP/1.1; the rest is as the service wants it.
     *
     * @param request as the service gets it
     */
    ServiceChoice(
            GatewayParts parts, ServiceConnector connector, Admission admission, HttpRequest request, EventLoop loop) {
        this.connector = connector;
        this.pool = parts.pool(loop);
        this.terms = connector.terms(admission.address());
        this.tunnel = terms.http2() && admission.upgrade() != null && Http2Tunnels.isOpening(request);
        boolean second = tunnel || admission.upgrade() == null && (admission.isGrpc() || terms.http2());
        String client = terms.perClient() ? String.valueOf(connector.client()) : "";
        this.key = new ServicePool.Key(admission.admitted(), second, client);
        this.maxHeadBytes = parts.options().limits().headBytes();
    }

    HttpTerms terms() {
        return terms;
    }

    /**
     * One that waits for the next request; null: there is none for this one.
     *
     * @param repeatable the request may be lost and sent again
     */
    @Nullable
    ServiceLeg kept(boolean repeatable) {
        // HTTP/2 says which requests it has not begun; HTTP/1.1 leaves a gap in which a request may be lost
        return !tunnel && (repeatable || key.second()) ? pool.take(key) : null;
    }

    /** A fresh one, which is told when it can be used. */
    void fresh(Duration limit, boolean repeatable, EventLoop loop, Consumer<ServiceLeg> ready) {
        DialOptions dial = DialOptions.DEFAULT.withTimeout(limit).withReplaySafe(repeatable);
        if (key.second() != terms.http2()) {
            dial = dial.withHeaders(Map.of(PROTOCOL, key.second() ? "h2" : "http/1.1"));
        }
        Channel channel = connector.connect(key.who(), dial);
        ServiceLeg leg = key.second()
                ? new Http2ServiceSide(channel, maxHeadBytes, terms.tls())
                : new ServiceSide(channel, maxHeadBytes);
        Future<?> registering = loop.register(channel);
        registering.addListener(registered -> ready.accept(leg));
    }

    /** The service takes no tunnel in HTTP/2, but may take one in HTTP/1.1; false: that is known already. */
    boolean fallBack() {
        if (!tunnel) {
            return false;
        }
        tunnel = false;
        fellBack = true;
        key = new ServicePool.Key(key.who(), false, key.client());
        return true;
    }

    /** What is wrong, with what was tried before. */
    HttpFault explain(HttpFault fault) {
        return fellBack ? HttpFault.noTunnel(fault) : fault;
    }

    /** It may carry another such request. */
    void give(ServiceLeg leg) {
        pool.give(key, leg);
    }
}
