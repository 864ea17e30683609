package dev.culvert.bench;

import dev.culvert.link.transport.Endpoint;
import dev.culvert.link.transport.Loops;
import dev.culvert.mux.MemoryBudget;
import dev.culvert.mux.MuxOptions;
import dev.culvert.mux.MuxSession;
import dev.culvert.mux.PeerParameters;
import dev.culvert.mux.Profile;
import dev.culvert.mux.SessionHandler;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Sessions without a handshake on loopback TCP, in clear or under TLS 1.3. Any thread. */
final class Wiring {
    private static final String HOST = "127.0.0.1";
    /** What sessions may promise to take, not what they hold: a MiB each is enough for 10,000 links at once. */
    private static final long MEMORY_BYTES = 32L << 30;

    private final PeerOptions options;
    private final Encryption encryption;
    private final EventLoopGroup loops;
    private final MemoryBudget budget;

    Wiring(PeerOptions options) {
        this.options = options;
        this.encryption = Encryption.of(options.text("tls", "none"));
        this.loops = Loops.start("bench", options.number("threads", 2)).group(new Endpoint.Tcp(HOST, 0));
        this.budget = new MemoryBudget(MEMORY_BYTES, 16);
    }

    EventLoopGroup loops() {
        return loops;
    }

    /** Listens on a port of the system's choice; {@code onChannel} is called on the loop of each connection that is ready. */
    int listen(Consumer<Channel> onChannel) {
        Channel listener = new ServerBootstrap()
                .group(loops)
                .channel(EpollServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 1024)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(initializer(encryption::serverHandler, onChannel))
                .bind(HOST, options.number("port", 0))
                .syncUninterruptibly()
                .channel();
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** Connects; {@code onChannel} is called on the connection's loop when it is ready. */
    void connect(EventLoopGroup group, int port, Consumer<Channel> onChannel) {
        new Bootstrap()
                .group(group)
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(initializer(encryption::clientHandler, onChannel))
                .connect(HOST, port)
                .addListener(done -> {
                    if (!done.isSuccess()) {
                        Conductor.fail(done.cause());
                    }
                });
    }

    /** A session that this process dials, ready to open streams. */
    CompletableFuture<MuxSession> dial(SessionHandler handler) {
        CompletableFuture<MuxSession> dialled = new CompletableFuture<>();
        connect(loops, options.number("port", 0), channel -> dialled.complete(dial(channel, handler)));
        return dialled;
    }

    MuxSession dial(Channel channel, SessionHandler handler) {
        Profile profile = Profile.valueOf(options.text("profile", "X"));
        MuxSession session = MuxSession.dial(channel, profile, muxOptions(), budget, handler);
        if (profile == Profile.X) {
            session.openControl(new HoldingHandler());
        }
        session.establish(peer(profile, session));
        return session;
    }

    MuxSession accept(Channel channel, SessionHandler handler) {
        MuxSession session = MuxSession.accept(channel, muxOptions(), budget, handler);
        session.establish(peer(Profile.valueOf(options.text("profile", "X")), session));
        return session;
    }

    private MuxOptions muxOptions() {
        MuxOptions usual = MuxOptions.DEFAULT;
        int window = options.number("window", usual.initialWindow());
        return new MuxOptions(
                window,
                Math.max(window, options.number("maxWindow", usual.maxWindow())),
                Math.max(window, usual.initialSessionWindow()),
                usual.maxSessionWindow(),
                options.number("streams", usual.maxInboundStreams()),
                usual.maxPendingOpens(),
                usual.maxFrame(),
                usual.keepAliveNanos());
    }

    /** What a handshake would tell: that the other side is as this one. */
    private PeerParameters peer(Profile profile, MuxSession session) {
        if (profile == Profile.X) {
            return session.localParameters();
        }
        int streams = options.number("streams", MuxOptions.DEFAULT.maxInboundStreams());
        PeerParameters plain = PeerParameters.PLAIN;
        return new PeerParameters(plain.initialWindow(), plain.sessionWindow(), streams, plain.maxFrame(), 0);
    }

    private static ChannelInitializer<Channel> initializer(
            Function<Channel, @Nullable SslHandler> tls, Consumer<Channel> onChannel) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                SslHandler handler = tls.apply(channel);
                if (handler == null) {
                    channel.pipeline().addLast(new WhenActive(onChannel));
                    return;
                }
                channel.pipeline().addLast(handler);
                handler.handshakeFuture().addListener(done -> {
                    if (done.isSuccess()) {
                        onChannel.accept(channel);
                    } else {
                        Conductor.fail(done.cause());
                    }
                });
            }
        };
    }
}
