package dev.culvert.netty;

import dev.culvert.api.Node;
import dev.culvert.testkit.TestNetwork;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Two nodes behind a relay, and loops that are neither's. */
final class Roles implements AutoCloseable {
    final TestNetwork network = TestNetwork.withRelay();
    final Node edge;
    final Node laptop;
    final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());

    Roles() throws IOException {
        edge = network.node("edge7");
        laptop = network.node("laptop");
    }

    /** Not bound yet. */
    ServerBootstrap server(Supplier<ChannelHandler> child) {
        return new ServerBootstrap()
                .group(loops)
                .channelFactory(CulvertServerChannel.factory(edge))
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(child.get());
                    }
                });
    }

    Bootstrap client(ChannelHandler handler) {
        return client(handler, loops);
    }

    Bootstrap client(ChannelHandler handler, EventLoopGroup group) {
        return new Bootstrap()
                .group(group)
                .channelFactory(CulvertChannel.factory(laptop))
                .handler(handler);
    }

    static Channel await(ChannelFuture future) {
        return future.syncUninterruptibly().channel();
    }

    @Override
    public void close() {
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        network.close();
    }
}
