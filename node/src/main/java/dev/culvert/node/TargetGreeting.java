package dev.culvert.node;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageEncoder;
import io.netty.handler.codec.haproxy.HAProxyProtocolVersion;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What this node says to a target ahead of the caller's bytes: who calls, in the PROXY protocol, then what TLS wants. <em>Immutable.</em>
 */
final class TargetGreeting {
    /** In StreamOpen: the version of HTTP that the caller will speak, in ALPN's words. [OPEN-17] */
    static final String PROTOCOL = "culvert-alpn";

    static final TargetGreeting NONE = new TargetGreeting(TargetOptions.DEFAULT, null);

    private final ProxyProtocol proxyProtocol;
    private final boolean http2;
    private final @Nullable TargetTls tls;

    private TargetGreeting(TargetOptions options, @Nullable TargetTls tls) {
        this.proxyProtocol = options.proxyProtocol();
        this.http2 = options.http2();
        this.tls = tls;
    }

    /** @throws IOException this process has no such TLS */
    static TargetGreeting of(Target target, TargetOptions options) throws IOException {
        TargetTls tls = target instanceof Target.Https secure ? TargetTls.of(secure, options.trust()) : null;
        return new TargetGreeting(options, tls);
    }

    /**
     * On the loop of the channel, which has just connected.
     *
     * @param millis for all of it
     * @return completes when the caller's bytes may pass
     */
    Future<Channel> begin(Channel channel, Call call, int millis) {
        if (proxyProtocol != ProxyProtocol.NONE) {
            announce(channel, call.isProbe() ? null : Source.parse(call.header(Source.HEADER)));
        }
        if (tls == null) {
            return channel.eventLoop().newSucceededFuture(channel);
        }
        Promise<Channel> ready = channel.eventLoop().newPromise();
        String wanted = call.header(PROTOCOL);
        tls.begin(channel, wanted == null ? http2 : wanted.equals(TargetTls.HTTP_2), millis, ready);
        return ready;
    }

    private void announce(Channel channel, @Nullable Source source) {
        if (source == null) {
            channel.writeAndFlush(Unpooled.wrappedBuffer(proxyProtocol.ofNobody()), channel.voidPromise());
            return;
        }
        channel.pipeline().addFirst(HAProxyMessageEncoder.INSTANCE);
        channel.writeAndFlush(message(source), channel.voidPromise());
        channel.pipeline().remove(HAProxyMessageEncoder.INSTANCE);
    }

    private HAProxyMessage message(Source source) {
        InetSocketAddress client = source.client();
        InetSocketAddress door = source.door();
        return new HAProxyMessage(
                proxyProtocol == ProxyProtocol.V1 ? HAProxyProtocolVersion.V1 : HAProxyProtocolVersion.V2,
                HAProxyCommand.PROXY,
                client.getAddress() instanceof Inet4Address ? HAProxyProxiedProtocol.TCP4 : HAProxyProxiedProtocol.TCP6,
                NetUtil.toAddressString(client.getAddress()),
                NetUtil.toAddressString(door.getAddress()),
                client.getPort(),
                door.getPort());
    }
}
