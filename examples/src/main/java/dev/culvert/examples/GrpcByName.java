package dev.culvert.examples;

import dev.culvert.api.Node;
import dev.culvert.netty.CulvertAddress;
import dev.culvert.netty.CulvertChannel;
import dev.culvert.netty.CulvertServerChannel;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * grpc-java at both ends, each behind a relay: {@code CULVERT_JOIN='culvert://...' java ... GrpcByName edge7.greetings Ada}. Server and client
 * are those of {@link RoutableSide} and {@link SideBehindNat}, and work over a link as they do over reversed connections: neither needs a
 * port, there may be any number of both, and who may call whom is the relay's to say.
 */
public final class GrpcByName {
    private GrpcByName() {}

    public static void main(String[] args) throws IOException {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try (Node node = Node.join(System.getenv("CULVERT_JOIN"))) {
            ManagedChannel channel = channel(node, args[0], loops);
            System.out.println(Greetings.ask(channel, args[1]));
            channel.shutdownNow();
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    static ManagedChannel channel(Node node, String name, EventLoopGroup loops) {
        return NettyChannelBuilder.forAddress(CulvertAddress.of(name))
                .channelFactory(CulvertChannel.factory(node))
                .eventLoopGroup(loops)
                .usePlaintext()
                .build();
    }

    /** No port is opened. */
    static Server serve(Node node, String name, EventLoopGroup loops) throws IOException {
        return NettyServerBuilder.forAddress(CulvertAddress.of(name))
                .channelFactory(CulvertServerChannel.factory(node))
                .bossEventLoopGroup(loops)
                .workerEventLoopGroup(loops)
                .addService(Greetings.by(node.name()))
                .build()
                .start();
    }
}
