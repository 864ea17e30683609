package dev.culvert.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.api.Address;
import dev.culvert.api.Stream;
import dev.culvert.link.LinkTiming;
import dev.culvert.link.RelayTarget;
import dev.culvert.link.transport.ConnectOptions;
import dev.culvert.link.transport.Endpoint;
import dev.culvert.link.transport.LinkPortOptions;
import dev.culvert.policy.RelayCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Local targets, local entries and public ports, with real sockets over TLS links. */
@Timeout(60)
final class SocketTest {
    private final Net net = new Net();
    private CulvertNode edge;
    private CulvertNode laptop;

    @BeforeEach
    void start() throws IOException {
        RelayCertificate certificate = RelayCertificate.issue(net.key("relay1"), List.of("localhost"));
        CulvertNode relay = net.start(NodeConfig.of(new NodeIdentity(net.key("relay1"), "relay1", "default"))
                .withListen(new ListenConfig(
                        List.of(Endpoint.parse("tls://127.0.0.1:0")),
                        LinkPortOptions.DEFAULT.withCertificate(certificate),
                        Net.anybody(),
                        "127.0.0.1")));
        LinkConfig link = new LinkConfig(
                List.of(new RelayTarget(
                        relay.listening().get(0), net.key("relay1").publicKey())),
                null,
                null,
                ConnectOptions.DEFAULT,
                new LinkTiming(10_000, 50, 200, 1_000, 1_000));
        edge = net.start(
                NodeConfig.of(new NodeIdentity(net.key("edge7"), "edge7", "")).withLink(link));
        laptop = net.start(
                NodeConfig.of(new NodeIdentity(net.key("laptop"), "laptop", "")).withLink(link));
        edge.awaitLink(Net.PATIENCE);
        laptop.awaitLink(Net.PATIENCE);
    }

    @AfterEach
    void close() {
        net.close();
    }

    @Test
    void a_tcp_target_is_reached_through_a_local_entry_with_half_close_both_ways() throws IOException {
        try (ServerSocket target = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            CompletableFuture<String> served = serveUpperCase(target);
            edge.expose(ExposedService.of("web", new Target.Tcp("127.0.0.1", target.getLocalPort())));

            try (Socket socket = enter("edge7.web")) {
                socket.getOutputStream().write("hello".getBytes(UTF_8));
                socket.shutdownOutput();
                assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                        .isEqualTo("HELLO");
            }
            assertThat(served).succeedsWithin(Net.PATIENCE).isEqualTo("hello");
        }
    }

    @Test
    void a_caller_that_finishes_before_the_answer_loses_nothing() throws IOException {
        try (ServerSocket target = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            edge.expose(ExposedService.of("web", new Target.Tcp("127.0.0.1", target.getLocalPort())));
            for (int i = 0; i < 50; i++) {
                CompletableFuture<String> served = serveUpperCase(target);
                try (Socket socket = enter("web")) {
                    socket.getOutputStream().write('x');
                    socket.shutdownOutput();
                    assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                            .isEqualTo("X");
                }
                assertThat(served).succeedsWithin(Net.PATIENCE).isEqualTo("x");
            }
        }
    }

    @Test
    void a_server_that_speaks_first_and_goes_loses_no_byte() throws Exception {
        try (ServerSocket target = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> greet(target), "greeter");
            server.setDaemon(true);
            server.start();
            edge.expose(ExposedService.of("greet", new Target.Tcp("127.0.0.1", target.getLocalPort())));
            for (int i = 0; i < 100; i++) {
                try (Socket socket = enter("greet");
                        Stream stream = laptop.dial("greet")) {
                    assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                            .isEqualTo("220 ready\r\n");
                    assertThat(new String(stream.input().readAllBytes(), UTF_8)).isEqualTo("220 ready\r\n");
                }
            }
        }
    }

    @Test
    void megabytes_go_both_ways_between_sockets_and_arrive_whole() throws Exception {
        byte[] bytes = new byte[8 << 20];
        new Random(3).nextBytes(bytes);
        try (ServerSocket target = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> echo = CompletableFuture.runAsync(
                    () -> {
                        try {
                            echoOnce(target);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    },
                    Net.THREADS);
            edge.expose(ExposedService.of("bulk", new Target.Tcp("localhost", target.getLocalPort())));
            try (Socket socket = enter("bulk")) {
                CompletableFuture<Void> writing = CompletableFuture.runAsync(
                        () -> {
                            try {
                                socket.getOutputStream().write(bytes);
                                socket.shutdownOutput();
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        },
                        Net.THREADS);
                assertThat(socket.getInputStream().readAllBytes()).isEqualTo(bytes);
                writing.get();
            }
            echo.get();
        }
    }

    @Test
    void a_target_that_resets_resets_the_caller() throws Exception {
        try (ServerSocket target = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            edge.expose(ExposedService.of("web", new Target.Tcp("127.0.0.1", target.getLocalPort())));
            try (Socket socket = enter("web")) {
                socket.getOutputStream().write(1);
                resetOnce(target);
                assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketException.class);
            }
        }
    }

    @Test
    void unix_sockets_are_targets_and_entries(@TempDir Path directory) throws IOException {
        Target.Unix socket = new Target.Unix(directory.resolve("entry.sock"));
        try (ServerSocket target = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            serveUpperCase(target);
            edge.expose(ExposedService.of("web", new Target.Tcp("127.0.0.1", target.getLocalPort())));
            laptop.enter(new LocalEntry(socket, Address.parse("web")));
            laptop.expose(ExposedService.of("web-unix", socket));

            assertThat(Net.roundTrip(edge, "laptop.web-unix", "through")).isEqualTo("THROUGH");
        }
        assertThat(socket.path().toFile().canExecute()).isFalse();
    }

    @Test
    void a_public_port_at_the_relay_leads_to_the_service() throws IOException {
        try (ServerSocket target = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            serveUpperCase(target);
            int port = edge.expose(ExposedService.of("web", new Target.Tcp("127.0.0.1", target.getLocalPort()))
                            .withPublicPort(0))
                    .publicPort();

            assertThat(port).isBetween(20_000, 29_999);
            try (Socket socket = new Socket("127.0.0.1", port)) {
                socket.getOutputStream().write("public".getBytes(UTF_8));
                socket.shutdownOutput();
                assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                        .isEqualTo("PUBLIC");
            }
        }
    }

    @Test
    void a_public_port_is_opened_at_the_relay_and_not_at_the_agent() throws IOException {
        int free = freePort();
        try (ServerSocket target = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            int port = edge.expose(ExposedService.of("web", new Target.Tcp("127.0.0.1", target.getLocalPort()))
                            .withPublicPort(free))
                    .publicPort();

            assertThat(port).isEqualTo(free);
        }
    }

    private static int freePort() {
        for (int port = 20_000; port < 30_000; port++) {
            try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return free.getLocalPort();
            } catch (IOException taken) {
                continue;
            }
        }
        throw new AssertionError("no port from 20000 to 29999 is free");
    }

    private Socket enter(String address) throws IOException {
        InetSocketAddress entry = (InetSocketAddress)
                laptop.enter(new LocalEntry(new Target.Tcp("127.0.0.1", 0), Address.parse(address)));
        Socket socket = new Socket(entry.getAddress(), entry.getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    /** A probe connects and goes without a word, before the caller or after it; so these three serve the first who says something. */
    private static CompletableFuture<String> serveUpperCase(ServerSocket target) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return upperCaseOnce(target);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                Net.THREADS);
    }

    private static String upperCaseOnce(ServerSocket target) throws IOException {
        while (true) {
            try (Socket socket = target.accept();
                    InputStream in = socket.getInputStream()) {
                String text = new String(in.readAllBytes(), UTF_8);
                if (!text.isEmpty()) {
                    socket.getOutputStream().write(text.toUpperCase(Locale.ROOT).getBytes(UTF_8));
                    socket.shutdownOutput();
                    return text;
                }
            }
        }
    }

    private static void echoOnce(ServerSocket target) throws IOException {
        long echoed = 0;
        while (echoed == 0) {
            try (Socket socket = target.accept()) {
                echoed = socket.getInputStream().transferTo(socket.getOutputStream());
                if (echoed > 0) {
                    socket.shutdownOutput();
                }
            }
        }
    }

    private static void resetOnce(ServerSocket target) throws IOException {
        int first = -1;
        while (first < 0) {
            try (Socket server = target.accept()) {
                first = server.getInputStream().read();
                if (first >= 0) {
                    server.setSoLinger(true, 0);
                }
            }
        }
        assertThat(first).isEqualTo(1);
    }

    private static void greet(ServerSocket target) {
        try {
            while (true) {
                try (Socket socket = target.accept()) {
                    socket.getOutputStream().write("220 ready\r\n".getBytes(UTF_8));
                }
            }
        } catch (IOException e) {
            assertThat(target.isClosed()).isTrue();
        }
    }
}
