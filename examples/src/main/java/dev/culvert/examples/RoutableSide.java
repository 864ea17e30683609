package dev.culvert.examples;

import dev.culvert.http2.PeerAddress;
import dev.culvert.http2.PrefaceListener;
import dev.culvert.http2.PrefaceOptions;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketAddress;

/**
 * The side that can be dialled: wraps a listener that it has, serves its clients, and calls the servers that dialled in, all through one
 * port. The other side is {@link SideBehindNat}; in Prog these are a {@code PrefaceListener}'s {@code Accept} and {@code Dial}.
 */
public final class RoutableSide implements AutoCloseable {
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final PrefaceListener listener;
    private final Server server;
    private final ManagedChannel edge;

    public RoutableSide(ServerSocket port) throws IOException {
        listener = PrefaceListener.wrap(port, PrefaceOptions.DEFAULT);
        server = NettyServerBuilder.forAddress(listener.address())
                .channelFactory(listener.clients().serverChannels())
                .bossEventLoopGroup(loops)
                .workerEventLoopGroup(loops)
                .addService(Greetings.by("the routable side"))
                .build()
                .start();
        edge = NettyChannelBuilder.forAddress(PeerAddress.any())
                .channelFactory(listener.channels())
                .eventLoopGroup(loops)
                .usePlaintext()
                .build();
    }

    /** The port, for the other side. */
    public SocketAddress address() {
        return listener.address();
    }

    /** Calls whoever dialled in. */
    public String ask() {
        return Greetings.ask(edge, "edge");
    }

    @Override
    public void close() {
        edge.shutdownNow();
        server.shutdownNow();
        listener.close();
        loops.shutdownGracefully();
    }
}
