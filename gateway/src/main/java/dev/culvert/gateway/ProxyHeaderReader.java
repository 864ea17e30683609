package dev.culvert.gateway;

import dev.culvert.node.LocalConnection;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProtocolException;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for what a load balancer says of its client ahead of everything: a header of the PROXY protocol, version 1 or 2. What is none ends the
 * connection, for there is no telling whose it is. Owned by the channel's loop.
 */
final class ProxyHeaderReader extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(ProxyHeaderReader.class);

    /** Of what a header says beside addresses, which nobody reads here. */
    private static final int MAX_EXTRA_BYTES = 2048;

    private final LocalConnection connection;
    private final Runnable next;
    private boolean announced;
    private boolean refused;
    private @Nullable Future<?> timer;

    private ProxyHeaderReader(LocalConnection connection, Runnable next) {
        this.connection = connection;
        this.next = next;
    }

    /** On the loop of a channel from which nothing was read yet. {@code next} runs when its client is known: at once, if no balancer has connected. */
    static void await(LocalConnection connection, GatewayOptions options, Runnable next) {
        if (!options.balancers().contains(connection.channel().remoteAddress())) {
            next.run();
            return;
        }
        ProxyHeaderReader reader = new ProxyHeaderReader(connection, next);
        ChannelPipeline pipeline = connection.channel().pipeline();
        pipeline.addFirst(new HAProxyMessageDecoder(MAX_EXTRA_BYTES), reader);
        reader.timer = pipeline.channel()
                .eventLoop()
                .schedule(
                        () -> reader.refuse("none came in time"),
                        options.times().head().toNanos(),
                        TimeUnit.NANOSECONDS);
        pipeline.channel().config().setAutoRead(true);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (refused) {
            ReferenceCountUtil.release(message); // the rest of what is none
        } else if (message instanceof HAProxyMessage header) {
            take(header);
            header.release();
            announced = true;
        } else {
            ChannelPipeline pipeline = ctx.pipeline();
            open(ctx);
            pipeline.fireChannelRead(message); // to those who were put before all others
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (announced && ctx.channel().isActive()) {
            open(ctx);
        }
        ctx.fireChannelReadComplete();
    }

    private void take(HAProxyMessage header) {
        if (header.command() == HAProxyCommand.PROXY) {
            connection.cameFrom(
                    address(header.sourceAddress(), header.sourcePort()),
                    address(header.destinationAddress(), header.destinationPort()));
        }
    }

    /** Null: the balancer does not know it, or it is not one of the internet. */
    private static @Nullable InetSocketAddress address(@Nullable String text, int port) {
        byte[] bytes = text == null ? null : NetUtil.createByteArrayFromIpAddressString(text);
        try {
            return bytes == null ? null : new InetSocketAddress(InetAddress.getByAddress(bytes), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of 4 or 16 bytes is always lawful", e);
        }
    }

    private void open(ChannelHandlerContext ctx) {
        ctx.channel().config().setAutoRead(false);
        ctx.pipeline().remove(this);
        next.run();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            ctx.close(); // a balancer looks whether somebody is here
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof HAProxyProtocolException malformed) {
            Throwable inner = malformed.getCause();
            refuse(String.valueOf(inner == null ? malformed.getMessage() : inner.getMessage()));
        } else {
            LOG.debug(
                    "a connection from balancer {} failed", connection.channel().remoteAddress(), cause);
            ctx.close();
        }
    }

    private void refuse(String why) {
        if (refused) {
            return;
        }
        refused = true;
        LOG.warn(
                "a connection from balancer {} was closed: it must begin with a PROXY header ({}); let the balancer send one, or take it from the"
                        + " list",
                Clients.address(connection.channel().remoteAddress()),
                why);
        connection.channel().close();
    }
}
