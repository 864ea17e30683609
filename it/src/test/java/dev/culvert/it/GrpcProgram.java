package dev.culvert.it;

import dev.culvert.api.BindOptions;
import dev.culvert.api.Node;
import dev.culvert.http2.DialListener;
import dev.culvert.http2.DialOptions;
import dev.culvert.http2.Greeter;
import dev.culvert.http2.PeerAddress;
import dev.culvert.http2.PrefaceListener;
import dev.culvert.http2.PrefaceOptions;
import dev.culvert.netty.CulvertAddress;
import dev.culvert.netty.CulvertChannel;
import dev.culvert.netty.CulvertOption;
import dev.culvert.netty.CulvertServerChannel;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioIoHandler;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A gRPC server and a client of the other's, on one of two sides, as a process of its own. Which of grpc-java's builders is given which
 * channels is all that differs.
 *
 * <ul>
 *   <li>{@code link NAME OTHER}: over a link, with the join string in {@code CULVERT_JOIN} and the key in {@code CULVERT_HOME}
 *   <li>{@code cloud HOST PORT}: serves and calls whoever dials in there; {@code edge HOST PORT} dials in
 *   <li>a line {@code METHOD ID} makes a call, and how it ended is printed as {@code METHOD ID: STATUS}; {@code hello} waits for the other side
 *       to be there, {@code late} is a {@code hang} with a deadline, {@code watch} prints its one message too
 * </ul>
 */
final class GrpcProgram {
    private static final EventLoopGroup LOOPS = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());

    /** A side that is started anew is waited for, where gRPC would come back less and less often. */
    private static final dev.culvert.api.DialOptions PATIENT =
            dev.culvert.api.DialOptions.DEFAULT.withWaitUpTo(Duration.ofSeconds(20));

    private GrpcProgram() {}

    public static void main(String[] args) throws Exception {
        Channel other = switch (args[0]) {
            case "link" -> overLink(args[1], args[2]);
            case "cloud" -> cloud(new InetSocketAddress(args[1], Integer.parseInt(args[2])));
            case "edge" -> edge(new InetSocketAddress(args[1], Integer.parseInt(args[2])));
            default -> throw new IllegalArgumentException(args[0] + " (expected: link, cloud or edge)");
        };
        System.out.println("serving");
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            call(other, line.split(" ")[0], line);
        }
        System.exit(0);
    }

    private static Channel overLink(String name, String peer) throws IOException {
        Node node = Node.builder()
                .name(name)
                .join(System.getenv("CULVERT_JOIN"))
                .stateDirectory(Path.of(System.getenv("CULVERT_HOME")))
                .start();
        NettyServerBuilder server = NettyServerBuilder.forAddress(CulvertAddress.of("greeter"))
                .withOption(CulvertOption.BIND, BindOptions.DEFAULT.withShared(true));
        serve(server, CulvertServerChannel.factory(node), name);
        CulvertAddress greeter = CulvertAddress.of(peer + ".greeter");
        return client(
                NettyChannelBuilder.forAddress(greeter).withOption(CulvertOption.DIAL, PATIENT),
                CulvertChannel.factory(node));
    }

    private static Channel cloud(InetSocketAddress address) throws IOException {
        PrefaceListener listener = PrefaceListener.listen(address, PrefaceOptions.DEFAULT);
        serve(NettyServerBuilder.forAddress(address), listener.clients().serverChannels(), "cloud");
        return client(NettyChannelBuilder.forAddress(PeerAddress.any()), listener.channels());
    }

    private static Channel edge(InetSocketAddress address) throws IOException {
        DialOptions often = DialOptions.DEFAULT.withRetries(Duration.ofMillis(50), Duration.ofMillis(500));
        DialListener listener = DialListener.to(address, often);
        serve(NettyServerBuilder.forAddress(address), listener.connections().serverChannels(), "edge");
        return NettyChannelBuilder.forAddress(address).usePlaintext().build();
    }

    private static void serve(NettyServerBuilder server, ChannelFactory<? extends ServerChannel> channels, String name)
            throws IOException {
        server.channelFactory(channels)
                .bossEventLoopGroup(LOOPS)
                .workerEventLoopGroup(LOOPS)
                .addService(Greeter.service(name, who -> System.out.println("hanging " + who)))
                .build()
                .start();
    }

    private static Channel client(
            NettyChannelBuilder client, ChannelFactory<? extends io.netty.channel.Channel> channels) {
        return client.channelFactory(channels)
                .eventLoopGroup(LOOPS)
                .usePlaintext()
                .build();
    }

    private static void call(Channel other, String method, String line) {
        switch (method) {
            case "hello" -> print(line, () -> Greeter.hello(other, line));
            case "hang" ->
                print(line, () -> Greeter.hang(other, line, CallOptions.DEFAULT).get());
            case "late" -> print(line, () -> Greeter.hang(other, line, brief()).get());
            case "fail" -> print(line, () -> Greeter.fail(other, line).get());
            case "watch" -> Greeter.watch(other, line, new Printed(line));
            default -> throw new IllegalArgumentException(line);
        }
    }

    private static CallOptions brief() {
        return CallOptions.DEFAULT.withDeadlineAfter(100, TimeUnit.MILLISECONDS);
    }

    private static void print(String line, Callable<String> call) {
        Printed printed = new Printed(line);
        Executors.newSingleThreadExecutor().execute(() -> {
            try {
                printed.onNext(call.call());
            } catch (Exception failure) {
                printed.onError(failure);
            }
        });
    }

    /** Says how a call went. */
    private record Printed(String line) implements StreamObserver<String> {
        @Override
        public void onNext(String message) {
            System.out.println(line + ": " + message);
        }

        @Override
        public void onError(Throwable failure) {
            System.out.println(line + ": " + Status.fromThrowable(failure).getCode());
        }

        @Override
        public void onCompleted() {
            System.out.println(line + ": OK");
        }
    }
}
