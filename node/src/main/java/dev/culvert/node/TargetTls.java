package dev.culvert.node;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLException;

/** TLS towards one target, 1.2 or 1.3: this node is the client. <em>Immutable.</em> */
final class TargetTls {
    static final String HTTP_2 = "h2";
    static final String HTTP_1 = "http/1.1";

    private final Target.Tcp address;
    private final SslContext first;
    private final SslContext second;

    private TargetTls(Target.Tcp address, SslContext first, SslContext second) {
        this.address = address;
        this.first = first;
        this.second = second;
    }

    /** @throws IOException this process has no such TLS */
    static TargetTls of(Target.Https target, TargetTrust trust) throws IOException {
        return new TargetTls(target.address(), context(trust, HTTP_1), context(trust, HTTP_2));
    }

    private static SslContext context(TargetTrust trust, String protocol) throws IOException {
        return SslContextBuilder.forClient()
                .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
                .protocols("TLSv1.3", "TLSv1.2")
                .trustManager(trust.manager())
                .endpointIdentificationAlgorithm(trust.checked() ? "HTTPS" : null)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        protocol))
                .build();
    }

    /**
     * Agrees on keys over a connection, from which nothing is read before and after. On the channel's loop.
     *
     * @param http2 the target must agree to it, too
     * @param ready completes when bytes may pass
     */
    void begin(Channel channel, boolean http2, int millis, Promise<Channel> ready) {
        if (((DuplexChannel) channel).isInputShutdown()) {
            ready.tryFailure(new ClosedChannelException());
            return;
        }
        SslContext context = http2 ? second : first;
        SslHandler handler = context.newHandler(channel.alloc(), address.host(), address.port());
        handler.setHandshakeTimeoutMillis(millis);
        handler.handshakeFuture().addListener(done -> {
            channel.config().setAutoRead(false);
            channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
            if (!done.isSuccess()) {
                ready.tryFailure(done.cause());
            } else if (http2 && !HTTP_2.equals(handler.applicationProtocol())) {
                ready.tryFailure(new SSLException(TargetFault.NO_HTTP_2));
            } else {
                ready.trySuccess(channel);
            }
        });
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false); // half an end ends a handshake
        channel.pipeline().addFirst(handler);
        channel.config().setAutoRead(true);
    }
}
