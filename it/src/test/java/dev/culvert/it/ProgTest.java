package dev.culvert.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.http2.Greeter;
import dev.culvert.http2.PeerAddress;
import dev.culvert.http2.PrefaceListener;
import dev.culvert.http2.PrefaceOptions;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Role reversal with programs in Go, each in both of Prog's forms, and with whichever side killed. */
@ExtendWith(Foreign.class)
@Timeout(120)
final class ProgTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    private static Path directory;

    private static String program;

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final List<AutoCloseable> opened = new ArrayList<>();

    @BeforeAll
    static void build() {
        program = Prog.buildInto(directory);
    }

    @AfterEach
    void close() throws Exception {
        Collections.reverse(opened);
        for (AutoCloseable each : opened) {
            each.close();
        }
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private <T extends AutoCloseable> T closing(T resource) {
        opened.add(resource);
        return resource;
    }

    private Proc go(String... args) {
        List<String> command = new ArrayList<>(List.of(program));
        Collections.addAll(command, args);
        return closing(Proc.start("prog " + String.join(" ", args), new ProcessBuilder(command)));
    }

    /** A listener with a gRPC server for its clients. */
    private PrefaceListener routable() throws Exception {
        PrefaceListener listener = closing(PrefaceListener.listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), PrefaceOptions.DEFAULT));
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(0))
                .channelFactory(listener.clients().serverChannels())
                .bossEventLoopGroup(loops)
                .workerEventLoopGroup(loops)
                .addService(Greeter.service("java cloud"))
                .build()
                .start();
        opened.add(server::shutdownNow);
        return listener;
    }

    private ManagedChannel dial(PrefaceListener listener, String name) {
        ManagedChannel channel = NettyChannelBuilder.forAddress(PeerAddress.of(name))
                .channelFactory(listener.channels())
                .eventLoopGroup(loops)
                .usePlaintext()
                .build();
        opened.add(channel::shutdownNow);
        return channel;
    }

    private static String text(PrefaceListener listener) {
        InetSocketAddress address = (InetSocketAddress) listener.address();
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    @Test
    void the_programs_are_formatted_and_pass_vet() {
        assertThat(Shell.run(List.of("gofmt", "-l", Prog.SOURCES.toString()))
                        .orFail()
                        .out())
                .isEmpty();
        Shell.run(List.of("go", "vet", "-C", Prog.SOURCES.toString(), "./...")).orFail();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "EVA"})
    void a_go_server_that_dialled_in_is_called_and_calls_back_and_survives_nobody_but_comes_again(String name)
            throws Exception {
        PrefaceListener listener = routable();
        Proc edge = go("edge", text(listener), name);
        ManagedChannel channel = dial(listener, name);

        assertThat(Greeter.hello(channel, "java")).isEqualTo("hello java from go edge");
        edge.awaitLine("got: hello cloud from java cloud");

        Future<String> inFlight = Greeter.hang(channel);
        assertThat(Greeter.hello(channel, "java")).isNotEmpty();
        edge.kill();
        assertThatThrownBy(() -> inFlight.get(5, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .satisfies(e -> assertThat(Status.fromThrowable(e).getCode()).isEqualTo(Status.Code.UNAVAILABLE));

        go("edge", text(listener), name);
        assertThat(Greeter.hello(channel, "java")).isEqualTo("hello java from go edge");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ELA"})
    void a_go_client_calls_a_java_server_that_dialled_in_and_again_after_it_was_killed(String name) {
        Proc cloud = go("cloud", name);
        String[] address = cloud.awaitLine("listening at (\\S+)").group(1).split(":");
        Proc edge = javaEdge(address[0], address[1], name);
        cloud.awaitLine("got: hello cloud from java edge");

        edge.kill();
        cloud.awaitLine("hanging call ended: Unavailable", SOON);
        int killed = cloud.mark();
        javaEdge(address[0], address[1], name);

        cloud.awaitLineAfter(killed, "got: hello cloud from java edge", SOON);
    }

    private Proc javaEdge(String host, String port, String name) {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                EdgeProgram.class.getName(),
                host,
                port));
        if (!name.isEmpty()) {
            command.add(name);
        }
        return closing(Proc.start("edge " + name, new ProcessBuilder(command)));
    }
}
