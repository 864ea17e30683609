package dev.culvert.gateway;

import dev.culvert.api.Address;
import dev.culvert.api.PublicTerms;
import dev.culvert.node.Entrance;
import dev.culvert.node.LocalConnection;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.Mapping;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway's door with TLS of its own: ALPN leads to HTTP/2 or HTTP/1.1. Certificates are asked for on every handshake, so new ones count
 * at once. Any thread.
 */
final class SecureGateway implements Entrance {
    private static final Logger LOG = LoggerFactory.getLogger(SecureGateway.class);

    private static final int MAX_HELLO_BYTES = 16 * 1024;

    private final GatewayParts parts;
    private final Supplier<Certificates> certificates;

    SecureGateway(GatewayParts parts, Supplier<Certificates> certificates) {
        this.parts = parts;
        this.certificates = certificates;
    }

    @Override
    public void onConnection(LocalConnection connection) {
        ProxyHeaderReader.await(connection, parts.options(), () -> greet(connection));
    }

    private void greet(LocalConnection connection) {
        if (!parts.enter(connection)) {
            return;
        }
        ChannelPipeline pipeline = connection.channel().pipeline();
        ServiceConnector connector = new StreamConnector(connection);
        pipeline.addFirst(new Handshake(connector));
        pipeline.addFirst(new ByName(connection));
        connection.channel().config().setAutoRead(true);
    }

    @Override
    public int maxConnections() {
        return parts.options().limits().connections();
    }

    @Override
    public String toString() {
        return "https";
    }

    /**
     * The service whose TLS a host is; null: it is ended here. It is its service's own where the relay says so of the host, or where all that
     * offer the service do.
     */
    private @Nullable Address passedTo(@Nullable String name) {
        HostName host = name == null ? null : HostName.parse(name);
        if (host == null) {
            return null;
        }
        Routing.Passed passed = parts.routing().chooseTls(host);
        Address address = passed.address();
        return address != null && (passed.certain() || isPublishedSo(address)) ? address : null;
    }

    private boolean isPublishedSo(Address address) {
        return parts.access().judge(address, null) instanceof Access.Admitted who
                && !who.terms().isEmpty()
                && who.terms().stream().allMatch(PublicTerms::passTls);
    }

    /** Waits for the name that the client wants, which decides on the certificate, or on a service whose TLS it is. */
    private final class ByName extends SniHandler {
        private final LocalConnection connection;

        ByName(LocalConnection connection) {
            super(
                    (Mapping<String, SslContext>) host -> certificates.get().choose(host),
                    MAX_HELLO_BYTES,
                    parts.options().times().head().toMillis());
            this.connection = connection;
        }

        @Override
        protected void replaceHandler(ChannelHandlerContext ctx, @Nullable String host, SslContext context)
                throws Exception {
            Address own = passedTo(host);
            if (own == null || host == null) {
                super.replaceHandler(ctx, host, context);
            } else {
                ctx.channel().config().setAutoRead(false);
                Passage passage = new Passage(parts, connection, host);
                ctx.pipeline().replace(Handshake.class, null, passage);
                ctx.pipeline().remove(this); // what came so far waits behind, for the stream
                passage.to(own);
            }
        }
    }

    /** Waits until both sides have agreed on keys and on the version of HTTP. */
    private final class Handshake extends ChannelInboundHandlerAdapter {
        private final ServiceConnector connector;

        Handshake(ServiceConnector connector) {
            this.connector = connector;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof SslHandshakeCompletionEvent done) {
                if (done.isSuccess()) {
                    serve(ctx);
                } else {
                    LOG.debug("a handshake with {} failed: {}", ctx.channel(), String.valueOf(done.cause()));
                    ctx.close();
                }
            }
        }

        private void serve(ChannelHandlerContext ctx) {
            String protocol =
                    ctx.pipeline().get(io.netty.handler.ssl.SslHandler.class).applicationProtocol();
            if (Certificates.HTTP_2.equals(protocol)) {
                Http2ClientSide.serve(ctx, parts, connector, true);
            } else {
                ClientSide.serve(ctx, parts, connector, true);
            }
            ctx.pipeline().remove(this);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            LOG.debug("a handshake with {} failed", ctx.channel(), cause);
            ctx.close();
        }
    }
}
