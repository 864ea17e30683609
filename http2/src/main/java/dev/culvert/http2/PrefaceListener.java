package dev.culvert.http2;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import javax.net.SocketFactory;

/**
 * One port for clients and for servers that cannot be dialled: clients are accepted ({@link #clients}), servers that dialled in ({@link
 * DialListener}) wait to be dialled ({@link #dial}, {@link #channels}, {@link #socketFactory}). Which is which, their first bytes say. Any
 * thread.
 *
 * <p>Dialling needs nobody who accepts, and no connection waits for another to say something. All that waits is bounded by {@link
 * PrefaceOptions}; what ends while it waits is forgotten.
 */
public final class PrefaceListener implements AutoCloseable {
    private final ServerChannel server;
    private final Sorting sorting;
    private final AutoCloseable resources;

    private PrefaceListener(ServerChannel server, Sorting sorting, AutoCloseable resources) {
        this.server = server;
        this.sorting = sorting;
        this.resources = resources;
    }

    /** Listens at {@code address}; port 0 takes a free one. */
    public static PrefaceListener listen(InetSocketAddress address, PrefaceOptions options) throws IOException {
        EventLoopGroup loops = loops();
        try {
            ServerBootstrap bootstrap = new ServerBootstrap()
                    .group(loops)
                    .channel(NioServerSocketChannel.class)
                    .option(ChannelOption.SO_REUSEADDR, true)
                    .option(ChannelOption.AUTO_READ, false)
                    .childHandler(NOTHING);
            ServerChannel server = (ServerChannel) Blocking.awaitChannel(bootstrap.bind(address));
            return start(server, options, loops::shutdownGracefully);
        } catch (IOException e) {
            loops.shutdownGracefully();
            throw e;
        }
    }

    /**
     * Takes over what a listener of the caller accepts, which must be bound. It is closed with this one. Each of its connections takes two threads
     * while it is used; a server socket of a {@link java.nio.channels.ServerSocketChannel} does better.
     */
    public static PrefaceListener wrap(ServerSocket listener, PrefaceOptions options) throws IOException {
        if (!listener.isBound() || listener.isClosed()) {
            throw new IOException(listener + " (expected: bound, and not closed)");
        }
        EventLoopGroup loops = loops();
        ServerChannel server = listener.getChannel() == null
                ? new SocketsChannel(listener)
                : new NioServerSocketChannel(listener.getChannel());
        server.config().setAutoRead(false);
        try {
            Blocking.awaitChannel(loops.register(server));
            return start(server, options, loops::shutdownGracefully);
        } catch (IOException e) {
            loops.shutdownGracefully();
            throw e;
        }
    }

    /**
     * Takes over what a server channel of the caller accepts, on the event loops of its group; it must be bound, and must not have accepted
     * anything that matters. It is closed with this one; its loops are not.
     */
    public static PrefaceListener wrap(ServerChannel listener, PrefaceOptions options) throws IOException {
        if (!listener.isActive()) {
            throw new IOException(listener + " (expected: bound, and not closed)");
        }
        return start(listener, options, () -> {});
    }

    private static final ChannelInitializer<Channel> NOTHING = new ChannelInitializer<>() {
        @Override
        protected void initChannel(Channel channel) {
            // what it is has to be found out first
        }

        @Override
        public boolean isSharable() {
            return true;
        }
    };

    private static EventLoopGroup loops() {
        return new MultiThreadIoEventLoopGroup(
                2, new DefaultThreadFactory("preface-listener", true), NioIoHandler.newFactory());
    }

    private static PrefaceListener start(ServerChannel server, PrefaceOptions options, AutoCloseable resources)
            throws IOException {
        Sorting sorting = new Sorting(server, options);
        PrefaceListener listener = new PrefaceListener(server, sorting, resources);
        server.closeFuture().addListener(closed -> sorting.close());
        sorting.start();
        return listener;
    }

    /** Where it listens. */
    public SocketAddress address() {
        return server.localAddress();
    }

    /** The clients, but for those of {@link #clients(String)}. */
    public Incoming clients() {
        return incoming(sorting.clients());
    }

    /**
     * The clients who asked for {@code serverName}, in whatever case, in TLS (SNI), which this listener must end; from now on they are no longer among {@link
     * #clients()}.
     */
    public Incoming clients(String serverName) {
        return incoming(sorting.clients(serverName));
    }

    private Incoming incoming(MeetingPoint clients) {
        return new Incoming(clients, peer -> true, this::address, () -> {});
    }

    /** As {@code clients().accept()}. */
    public Socket accept() throws IOException {
        return clients().accept();
    }

    /**
     * A connection to a server that dialled in, as if it could be dialled: waits for one up to {@code timeout}. Blocking; not on an event loop.
     *
     * @param name its identity or announced name ({@link Peer#isCalled}); empty: any
     * @param timeout zero: no limit
     * @throws java.net.SocketTimeoutException if there was none in time; the message says who waits
     * @throws java.net.SocketException if the listener is closed
     */
    public Socket dial(String name, Duration timeout) throws IOException {
        return new ConnectionSocket(Blocking.await(take(name, Blocking.millis(timeout))));
    }

    /** As {@link #dial(String, Duration)}, with one who is wanted for any reason, such as its address. */
    public Socket dial(Predicate<Peer> wanted, Duration timeout) throws IOException {
        Future<Connection> taken = sorting.reversed().take(wanted, "such peer dialled in", Blocking.millis(timeout));
        return new ConnectionSocket(Blocking.await(taken));
    }

    /**
     * For {@code Bootstrap.channelFactory} and {@code NettyChannelBuilder.channelFactory}, with event loops of any kind: connects to a {@link
     * PeerAddress}; the option {@link ChannelOption#CONNECT_TIMEOUT_MILLIS} is how long it waits for one.
     */
    public ChannelFactory<Channel> channels() {
        return () -> new ConnectionChannel(this::take);
    }

    /** Sockets that are dialled with {@link #dial(String, Duration)}, whatever host and port they are given. */
    public SocketFactory socketFactory(String name, Duration timeout) {
        return new PeerSocketFactory(limit -> take(name, limit), Blocking.millis(timeout));
    }

    private Future<Connection> take(String name, long timeoutMillis) {
        String what = name.isEmpty() ? "peer dialled in" : "peer '" + name + "' dialled in";
        return sorting.reversed().take(peer -> peer.isCalled(name), what, timeoutMillis);
    }

    /** Who dialled in and waits to be dialled, the longest waiting first. Blocking; not on an event loop. */
    public List<Peer> waiting() throws IOException {
        return Blocking.await(sorting.waiting());
    }

    /** Closes the port, all that waits, and all connections. Idempotent. */
    @Override
    public void close() {
        server.close().addListener(closed -> resources.close());
    }
}
