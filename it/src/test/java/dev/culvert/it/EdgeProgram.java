package dev.culvert.it;

import dev.culvert.http2.Announcement;
import dev.culvert.http2.DialListener;
import dev.culvert.http2.DialOptions;
import dev.culvert.http2.Greeter;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/** A gRPC server on a dial listener, as a process of its own: {@code ADDRESS PORT [BARE-NAME]}. */
final class EdgeProgram {
    private EdgeProgram() {}

    public static void main(String[] args) throws Exception {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
        Server server =
                serve(DialListener.to(new InetSocketAddress(args[0], Integer.parseInt(args[1])), options(args)), loops);
        System.out.println("serving");
        server.awaitTermination();
    }

    private static DialOptions options(String[] args) {
        DialOptions options = DialOptions.DEFAULT.withRetries(Duration.ofMillis(50), Duration.ofMillis(500));
        return args.length > 2 ? options.withAnnouncement(Announcement.bare(args[2])) : options;
    }

    static Server serve(DialListener listener, EventLoopGroup loops) throws IOException {
        return NettyServerBuilder.forAddress(new InetSocketAddress(0))
                .channelFactory(listener.connections().serverChannels())
                .bossEventLoopGroup(loops)
                .workerEventLoopGroup(loops)
                .addService(Greeter.service("java edge"))
                .build()
                .start();
    }
}
