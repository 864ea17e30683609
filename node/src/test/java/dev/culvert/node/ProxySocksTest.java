package dev.culvert.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.api.Address;
import dev.culvert.api.BindOptions;
import dev.culvert.api.DialException;
import dev.culvert.api.DialOptions;
import dev.culvert.api.ErrorCode;
import dev.culvert.node.proxy.ProxyOptions;
import dev.culvert.node.proxy.ProxyUsers;
import dev.culvert.policy.NamePatterns;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The SOCKS5 half of a proxy, with real sockets; codes are RFC 1928's. */
@Timeout(60)
final class ProxySocksTest {
    private static final int CONNECT = 1;

    private ProxyNet world;

    @BeforeEach
    void start() throws IOException {
        world = new ProxyNet();
        world.edge.bind("echo", stream -> {
            String text = new String(stream.input().readAllBytes(), UTF_8);
            stream.output().write(text.toUpperCase(Locale.ROOT).getBytes(UTF_8));
        });
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void names_are_resolved_by_culvert_and_both_halves_close_by_themselves() throws IOException {
        int port = world.proxy();
        for (String host : List.of("echo", "edge7.echo", "EDGE7.echo")) {
            try (Socket socket = RawHttp.connect(port)) {
                assertThat(command(socket, CONNECT, host, 80)).isZero();
                socket.getOutputStream().write("hello".getBytes(UTF_8));
                socket.shutdownOutput();
                assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                        .isEqualTo("HELLO");
            }
        }
    }

    @Test
    void what_is_said_right_behind_the_command_is_not_lost() throws IOException {
        try (Socket socket = RawHttp.connect(world.proxy())) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.write(new byte[] {5, 1, 0});
            all.write(request(CONNECT, "echo", 80));
            all.write("early".getBytes(UTF_8));
            socket.getOutputStream().write(all.toByteArray());
            socket.shutdownOutput();
            byte[] answer = socket.getInputStream().readAllBytes();
            assertThat(new String(answer, 12, answer.length - 12, UTF_8)).isEqualTo("EARLY");
        }
    }

    @Test
    void a_bare_host_that_is_no_service_is_the_virtual_port_of_a_node() throws IOException {
        world.edge.bind(
                "",
                BindOptions.DEFAULT.withPort(4711),
                stream -> stream.output().write('!'));
        try (Socket socket = RawHttp.connect(world.proxy())) {
            assertThat(command(socket, CONNECT, "edge7", 4711)).isZero();
            assertThat(socket.getInputStream().read()).isEqualTo('!');
        }
        assertThat(refusal(world.proxy(), "edge7", 4712)).isEqualTo(4);
    }

    @Test
    void each_refusal_has_its_code() throws IOException {
        int closed;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = free.getLocalPort();
        }
        world.edge.expose(ExposedService.of("web-down", new Target.Tcp("127.0.0.1", closed)));
        int port = world.proxy();
        assertThat(refusal(port, "nobody", 80)).as("unknown").isEqualTo(4);
        assertThat(refusal(port, "secret", 80)).as("denied").isEqualTo(2);
        assertThat(refusal(port, "192.0.2.1", 80)).as("an address").isEqualTo(2);
        assertThat(refusal(port, "no_such_host!", 80)).as("no name").isEqualTo(2);
        assertThat(refusal(port, "$status", 80)).as("reserved").isEqualTo(2);
        assertThat(refusal(port, "web-down", 80)).as("target down").isEqualTo(5);
    }

    @Test
    void no_link_in_time_is_a_time_out() throws IOException {
        CulvertNode lonely = world.net.start(world.net.agent("lonely", "relay9"));
        ProxyOptions options = ProxyOptions.DEFAULT.withTimeouts(
                Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofMillis(200));
        assertThat(refusal(ProxyNet.proxy(lonely, options), "web", 80)).isEqualTo(6);
    }

    @Test
    void bind_and_udp_are_not_supported() throws IOException {
        int port = world.proxy();
        for (int command : List.of(2, 3)) {
            try (Socket socket = RawHttp.connect(port)) {
                assertThat(command(socket, command, "echo", 80)).isEqualTo(7);
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    @Test
    void a_password_is_asked_for_where_users_are_named() throws IOException {
        int port =
                world.proxy(ProxyOptions.DEFAULT.withUsers(ProxyUsers.parse(List.of("# users", "", "anna:s3:cret"))));
        try (Socket socket = RawHttp.connect(port)) {
            socket.getOutputStream().write(new byte[] {5, 1, 0});
            assertThat(socket.getInputStream().readAllBytes()).containsExactly(5, 0xff);
        }
        assertThat(login(port, "anna", "wrong")).isEqualTo(0xff);
        assertThat(login(port, "otto", "s3:cret")).isEqualTo(0xff);
        assertThat(login(port, "anna", "s3:cret")).isZero();
    }

    @Test
    void hosts_outside_are_reached_only_where_a_pattern_permits_it() throws IOException {
        try (ServerSocket outside = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> greet(outside), "outside");
            server.setDaemon(true);
            server.start();
            int port = world.proxy(ProxyOptions.DEFAULT.withDirect(new NamePatterns(List.of("127.0.0.*"))));
            try (Socket socket = RawHttp.connect(port)) {
                assertThat(command(socket, CONNECT, "127.0.0.1", outside.getLocalPort()))
                        .isZero();
                assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                        .isEqualTo("outside");
            }
            assertThat(refusal(port, "192.0.2.1", 80)).isEqualTo(2);
            assertThat(refusal(world.proxy(), "127.0.0.1", outside.getLocalPort()))
                    .isEqualTo(2);
        }
    }

    @Test
    void the_way_outside_is_for_the_node_itself_and_for_no_peer() throws IOException {
        ProxyOptions open = ProxyOptions.DEFAULT.withDirect(NamePatterns.ALL);
        ProxyNet.proxy(world.relay, open);
        DialOptions headers = DialOptions.DEFAULT.withHeaders(Map.of("host", "127.0.0.1", "port", "80"));
        assertThatThrownBy(() -> world.laptop.dial(Address.at("relay1", "$direct"), headers))
                .isInstanceOfSatisfying(
                        DialException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DENIED));
    }

    @Test
    void who_says_nothing_or_nonsense_is_closed() throws IOException {
        ProxyOptions impatient = ProxyOptions.DEFAULT.withTimeouts(
                Duration.ofMillis(200), Duration.ofSeconds(10), Duration.ofSeconds(10));
        int port = world.proxy(impatient);
        for (byte[] words :
                List.of(new byte[0], new byte[] {5}, new byte[] {4, 1}, new byte[] {0}, "GET".getBytes(UTF_8))) {
            try (Socket socket = RawHttp.connect(port)) {
                socket.getOutputStream().write(words);
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    @Test
    void connections_beyond_the_limit_wait_their_turn() throws IOException {
        int port = world.proxy(ProxyOptions.DEFAULT.withMaxConnections(1));
        Socket first = RawHttp.connect(port);
        try (Socket second = RawHttp.connect(port)) {
            assertThat(command(first, CONNECT, "echo", 80)).isZero();
            second.getOutputStream().write(new byte[] {5, 1, 0});
            second.setSoTimeout(300);
            assertThatThrownBy(() -> second.getInputStream().read()).hasMessageContaining("timed out");
            first.close();
            second.setSoTimeout(20_000);
            assertThat(second.getInputStream().read()).isEqualTo(5);
        }
    }

    private static void greet(ServerSocket server) {
        try (Socket socket = server.accept()) {
            socket.getOutputStream().write("outside".getBytes(UTF_8));
        } catch (IOException e) {
            assertThat(server.isClosed()).isTrue();
        }
    }

    private static int refusal(int port, String host, int hostPort) throws IOException {
        try (Socket socket = RawHttp.connect(port)) {
            int code = command(socket, CONNECT, host, hostPort);
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            return code;
        }
    }

    /** The code of the answer. */
    private static int command(Socket socket, int command, String host, int port) throws IOException {
        socket.getOutputStream().write(new byte[] {5, 1, 0});
        DataInputStream in = new DataInputStream(socket.getInputStream());
        assertThat(in.readUnsignedShort()).isEqualTo(0x0500);
        socket.getOutputStream().write(request(command, host, port));
        byte[] answer = in.readNBytes(10);
        assertThat(answer).hasSize(10);
        return answer[1];
    }

    private static byte[] request(int command, String host, int port) throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.write(new byte[] {5, (byte) command, 0, 3, (byte) host.length()});
        request.write(host.getBytes(UTF_8));
        request.write(port >> 8);
        request.write(port);
        return request.toByteArray();
    }

    /** The status of RFC 1929. */
    private static int login(int port, String name, String password) throws IOException {
        try (Socket socket = RawHttp.connect(port)) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            socket.getOutputStream().write(new byte[] {5, 2, 0, 2});
            assertThat(in.readUnsignedShort()).isEqualTo(0x0502);
            ByteArrayOutputStream login = new ByteArrayOutputStream();
            login.write(new byte[] {1, (byte) name.length()});
            login.write(name.getBytes(UTF_8));
            login.write(password.length());
            login.write(password.getBytes(UTF_8));
            socket.getOutputStream().write(login.toByteArray());
            in.readByte();
            return in.readUnsignedByte();
        }
    }
}
