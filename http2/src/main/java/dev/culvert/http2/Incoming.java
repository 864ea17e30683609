package dev.culvert.http2;

import io.netty.channel.ChannelFactory;
import io.netty.channel.ServerChannel;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Connections to serve, in the form that a server likes: a {@link ServerChannel} for Netty and grpc-java, a {@link ServerSocket} for servers that
 * know {@code java.net}, or one {@link Socket} at a time. Any thread. Several forms may be used at once; each connection goes to one.
 */
public final class Incoming {
    private final MeetingPoint meetings;
    private final Predicate<Peer> mine;
    private final Supplier<SocketAddress> address;
    private final Runnable faceClosed;

    Incoming(MeetingPoint meetings, Predicate<Peer> mine, Supplier<SocketAddress> address, Runnable faceClosed) {
        this.meetings = meetings;
        this.mine = mine;
        this.address = address;
        this.faceClosed = faceClosed;
    }

    /** Waits for the next connection. Blocking; not on an event loop. */
    public Socket accept() throws IOException {
        return accept(Duration.ZERO);
    }

    /**
     * Waits so long for the next connection; zero: without limit. Blocking; not on an event loop.
     *
     * @throws java.net.SocketTimeoutException if none came
     * @throws java.net.SocketException if the listener is closed
     */
    public Socket accept(Duration timeout) throws IOException {
        return new ConnectionSocket(Blocking.await(take(Blocking.millis(timeout))));
    }

    /**
     * A server socket that is bound already: what it accepts are these connections. Binding it has no effect, whatever the address. Closing
     * it ends the dialling of a {@link DialListener}, whose connections in use live on until they end, and nothing but the accepting of a {@link
     * PrefaceListener}.
     */
    public ServerSocket serverSocket() throws IOException {
        return new ListenerServerSocket(this);
    }

    /**
     * For {@code ServerBootstrap.channelFactory} and {@code NettyServerBuilder.channelFactory}, with event loops of any kind; the address that
     * is bound has no effect. Closing the channel does what closing {@link #serverSocket} does.
     */
    public ChannelFactory<ServerChannel> serverChannels() {
        return () -> new ListenerChannel(this);
    }

    /** Where the listener listens, or what it dials. */
    public SocketAddress address() {
        return address.get();
    }

    Future<Connection> take(long timeoutMillis) {
        return meetings.take(mine, "connection came", timeoutMillis);
    }

    void onFaceClosed() {
        faceClosed.run();
    }
}
