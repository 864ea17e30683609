package dev.culvert.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.culvert.api.Node;
import dev.culvert.netty.CulvertAddress;
import dev.culvert.netty.CulvertChannel;
import dev.culvert.netty.CulvertServerChannel;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;

/**
 * grpc-java at both ends, each behind a relay: {@code CULVERT_JOIN='culvert://...' java ... GrpcByName edge7.greeter Ada}. Generated stubs
 * work on the channel as on any other; the method is written out here to need no generator.
 */
public final class GrpcByName {
    static final MethodDescriptor<String, String> GREET = MethodDescriptor.<String, String>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("examples.Greeter/Greet")
            .setRequestMarshaller(new Text())
            .setResponseMarshaller(new Text())
            .build();

    private GrpcByName() {}

    public static void main(String[] args) throws IOException {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try (Node node = Node.join(System.getenv("CULVERT_JOIN"))) {
            ManagedChannel channel = channel(node, args[0], loops);
            System.out.println(greet(channel, args[1]));
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

    /** No port is opened; who may call is decided by the relay. */
    static Server serve(Node node, String name, EventLoopGroup loops) throws IOException {
        ServerServiceDefinition greeter = ServerServiceDefinition.builder("examples.Greeter")
                .addMethod(GREET, ServerCalls.asyncUnaryCall((who, answer) -> {
                    answer.onNext("Hello, " + who);
                    answer.onCompleted();
                }))
                .build();
        return NettyServerBuilder.forAddress(CulvertAddress.of(name))
                .channelFactory(CulvertServerChannel.factory(node))
                .bossEventLoopGroup(loops)
                .workerEventLoopGroup(loops)
                .addService(greeter)
                .build()
                .start();
    }

    static String greet(ManagedChannel channel, String who) {
        return ClientCalls.blockingUnaryCall(channel, GREET, CallOptions.DEFAULT, who);
    }

    private static final class Text implements MethodDescriptor.Marshaller<String> {
        @Override
        public InputStream stream(String text) {
            return new ByteArrayInputStream(text.getBytes(UTF_8));
        }

        @Override
        public String parse(InputStream bytes) {
            try {
                return new String(bytes.readAllBytes(), UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
