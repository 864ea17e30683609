package dev.culvert.node;

import dev.culvert.api.Address;
import dev.culvert.api.ErrorCode;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A local socket, each of whose connections is dialled to one name. Any thread; a connection is owned by its channel's loop. */
final class Entry implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Entry.class);

    private final OwnDials dials;
    private final Traffic traffic;
    private final Address address;
    private final DialTerms terms;
    private final ServerChannel server;

    private Entry(OwnDials dials, Sockets sockets, Traffic traffic, Plan plan) {
        this.dials = dials;
        this.traffic = traffic;
        this.address = plan.address();
        this.terms = plan.terms();
        this.server = sockets.server(plan.listen());
    }

    /**
     * What an entry does.
     *
     * @param listen resolved
     * @param address what is dialled
     * @param terms on which
     */
    record Plan(SocketAddress listen, Address address, DialTerms terms) {}

    /** Listens. Fails with an {@link IOException} that names the address and the next step. */
    static Future<Entry> open(OwnDials dials, Sockets sockets, Traffic traffic, Plan plan) {
        Entry entry = new Entry(dials, sockets, traffic, plan);
        EventLoop loop = sockets.next();
        Promise<Entry> promise = loop.newPromise();
        entry.server.pipeline().addLast(entry.new Acceptor());
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
                                "cannot listen on " + plan.listen() + ": "
                                        + bound.cause().getMessage()
                                        + " (choose another port, or end the program that has it)",
                                bound.cause()));
                    }
                }));
        return promise;
    }

    SocketAddress listening() {
        return server.localAddress();
    }

    /** Takes no more connections; those that are open live on. */
    @Override
    public void close() {
        server.close();
    }

    private final class Acceptor extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            Channel child = (Channel) message;
            child.config().setAutoRead(false);
            child.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
            if (child.config().getOptions().containsKey(ChannelOption.TCP_NODELAY)) {
                child.config().setOption(ChannelOption.TCP_NODELAY, true);
            }
            child.pipeline().addLast(new SocketSide());
            EventLoop loop = dials.home();
            loop.register(child).addListener(registered -> {
                if (registered.isSuccess()) {
                    new Connection(child, loop).dial();
                } else {
                    child.close();
                }
            });
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            LOG.warn("Accepting a connection for {} failed: {}", address, cause.toString());
        }
    }

    /** One connection that waits for its dial. */
    private final class Connection implements Dial.Result {
        private final Channel channel;
        private final EventLoop loop;

        Connection(Channel channel, EventLoop loop) {
            this.channel = channel;
            this.loop = loop;
        }

        void dial() {
            Dial dial = dials.begin(loop, address, terms, Unpooled.EMPTY_BUFFER, this);
            channel.closeFuture().addListener(closed -> dial.cancel(ErrorCode.CANCELLED.number()));
        }

        @Override
        public void onOpened(Dial.Opened opened) {
            traffic.open();
            Bridge bridge = new Bridge(opened.stream(), opened.exit().loop(), channel, traffic, false);
            Hop.to(opened.exit().loop(), () -> {
                opened.head().take(opened.stream(), bridge.streamSide());
                bridge.start();
            });
        }

        @Override
        public void onRefused(Refused refused) {
            LOG.info("{}", refused.toException().getMessage());
            if (channel.config().getOptions().containsKey(ChannelOption.SO_LINGER)) {
                channel.config().setOption(ChannelOption.SO_LINGER, 0);
            }
            channel.close();
        }
    }
}
