package dev.culvert.node;

import dev.culvert.link.transport.AcceptPause;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** A local socket whose connections go through one {@link Entrance}. Any thread; a connection is owned by its channel's loop. */
final class Entry implements AutoCloseable {
    private final OwnDials dials;
    private final Traffic traffic;
    private final Entrance entrance;
    private final ServerChannel server;

    private Entry(OwnDials dials, Sockets sockets, Traffic traffic, Plan plan) {
        this.dials = dials;
        this.traffic = traffic;
        this.entrance = plan.entrance();
        this.server = sockets.server(plan.listen());
    }

    /**
     * What an entry does.
     *
     * @param listen resolved
     * @param entrance what becomes of connections
     */
    record Plan(SocketAddress listen, Entrance entrance) {}

    /** Listens. Fails with an {@link IOException} that names the address and the next step. */
    static Future<Entry> open(OwnDials dials, Sockets sockets, Traffic traffic, Plan plan) {
        Entry entry = new Entry(dials, sockets, traffic, plan);
        EventLoop loop = sockets.next();
        Promise<Entry> promise = loop.newPromise();
        Acceptor acceptor = entry.new Acceptor();
        entry.server.pipeline().addLast(new AcceptPause(plan.listen().toString(), acceptor::isWanted), acceptor);
        if (plan.entrance().maxConnections() < Integer.MAX_VALUE) {
            // one at a time, so that the limit is exact
            entry.server
                    .config()
                    .setRecvByteBufAllocator(new ServerChannelRecvByteBufAllocator().maxMessagesPerRead(1));
        }
        if (plan.listen() instanceof InetSocketAddress) {
            entry.server.config().setOption(ChannelOption.SO_REUSEADDR, true);
        }
        loop.register(entry.server)
                .addListener(registered -> entry.server.bind(plan.listen()).addListener(bound -> {
                    if (bound.isSuccess()) {
                        promise.setSuccess(entry);
                    } else {
                        entry.server.close();
                        promise.setFailure(new IOException(
                                "cannot listen on " + text(plan.listen()) + ": " + SystemFault.text(bound.cause())
                                        + "; choose another port, or end the program that has it",
                                bound.cause()));
                    }
                }));
        return promise;
    }

    private static String text(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? NetUtil.toSocketAddressString(inet) : "unix:" + address;
    }

    SocketAddress listening() {
        return server.localAddress();
    }

    /** Where it listens, as people write it. */
    @Override
    public String toString() {
        return text(listening());
    }

    /** Takes no more connections; those that are open live on. */
    @Override
    public void close() {
        server.close();
    }

    private final class Acceptor extends ChannelInboundHandlerAdapter {
        /** Connections that are open; on the server's loop. */
        private int open;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            Channel child = (Channel) message;
            admit(ctx, child);
            SocketSide.install(child);
            EventLoop loop = dials.home();
            Hop.to(loop, () -> enter(loop, child));
        }

        /** On its loop, so that the entrance has its handlers in place before anything is read. */
        private void enter(EventLoop loop, Channel child) {
            loop.register(child).addListener(registered -> {
                if (registered.isSuccess()) {
                    entrance.onConnection(new LocalConnection(child, dials, traffic));
                } else {
                    child.close();
                }
            });
        }

        private void admit(ChannelHandlerContext ctx, Channel child) {
            if (entrance.maxConnections() == Integer.MAX_VALUE) {
                return;
            }
            open++;
            ctx.channel().config().setAutoRead(open < entrance.maxConnections());
            child.closeFuture()
                    .addListener(closed -> Hop.to(ctx.executor(), () -> {
                        open--;
                        ctx.channel().config().setAutoRead(true);
                    }));
        }

        /** Whether one more may come. On the server's loop. */
        boolean isWanted() {
            return open < entrance.maxConnections();
        }
    }
}
