package dev.culvert.gateway;

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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway's door with TLS of its own: ALPN leads to HTTP/2 or HTTP/1.1. Certificates are asked for on every handshake, so new ones count
 * at once. Any thread.
 */
final class SecureGateway implements Entrance {
    private static final Logger LOG = LoggerFactory.getLogger(SecureGateway.class);

    private final GatewayParts parts;
    private final Supplier<Certificates> certificates;

    SecureGateway(GatewayParts parts, Supplier<Certificates> certificates) {
        this.parts = parts;
        this.certificates = certificates;
    }

    @Override
    public void onConnection(LocalConnection connection) {
        ChannelPipeline pipeline = connection.channel().pipeline();
        ServiceConnector connector = new StreamConnector(connection);
        pipeline.addFirst(new Handshake(connector));
        Mapping<String, SslContext> choice = host -> certificates.get().choose(host);
        long patience = parts.options().times().head().toMillis();
        pipeline.addFirst(new SniHandler(choice, MAX_HELLO_BYTES, patience));
        connection.channel().config().setAutoRead(true);
    }

    private static final int MAX_HELLO_BYTES = 16 * 1024;

    @Override
    public int maxConnections() {
        return parts.options().limits().connections();
    }

    @Override
    public String toString() {
        return "https";
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
