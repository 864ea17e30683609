package dev.culvert.examples;

import dev.culvert.http2.DialListener;
import dev.culvert.http2.DialOptions;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * The side that cannot be dialled: serves on connections that it opens itself, and calls the other side, {@link RoutableSide}, as any client
 * does. In Prog this is a {@code DialListener}.
 */
public final class SideBehindNat implements AutoCloseable {
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final DialListener listener;
    private final Server server;
    private final ManagedChannel cloud;

    public SideBehindNat(InetSocketAddress routable) throws IOException {
        listener = DialListener.to(routable, DialOptions.DEFAULT);
        server = NettyServerBuilder.forAddress(new InetSocketAddress(0))
                .channelFactory(listener.connections().serverChannels())
                .bossEventLoopGroup(loops)
                .workerEventLoopGroup(loops)
                .addService(Greetings.by("the side behind NAT"))
                .build()
                .start();
        cloud = NettyChannelBuilder.forAddress(routable).usePlaintext().build();
    }

    /** Calls the routable side. */
    public String ask() {
        return Greetings.ask(cloud, "cloud");
    }

    @Override
    public void close() {
        cloud.shutdownNow();
        server.shutdownNow();
        listener.close();
        loops.shutdownGracefully();
    }
}
