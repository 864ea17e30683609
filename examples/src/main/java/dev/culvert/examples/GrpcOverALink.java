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
import java.io.IOException;

/**
 * The same gRPC server and client as {@link RoutableSide}'s and {@link SideBehindNat}'s, over a link: neither needs a port, there may be any
 * number of both, and who may call whom is the relay's to say.
 */
public final class GrpcOverALink {
    private GrpcOverALink() {}

    /** Serves as {@code greetings}. */
    public static Server serve(Node node, EventLoopGroup loops) throws IOException {
        return NettyServerBuilder.forAddress(CulvertAddress.of("greetings"))
                .channelFactory(CulvertServerChannel.factory(node))
                .bossEventLoopGroup(loops)
                .workerEventLoopGroup(loops)
                .addService(Greetings.by(node.name()))
                .build()
                .start();
    }

    /** Leads to one node's. */
    public static ManagedChannel dial(Node node, String name, EventLoopGroup loops) {
        return NettyChannelBuilder.forAddress(CulvertAddress.of(name + ".greetings"))
                .channelFactory(CulvertChannel.factory(node))
                .eventLoopGroup(loops)
                .usePlaintext()
                .build();
    }
}
