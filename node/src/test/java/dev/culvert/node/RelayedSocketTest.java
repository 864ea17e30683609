package dev.culvert.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.api.BindOptions;
import dev.culvert.api.DialException;
import dev.culvert.api.DialOptions;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.RegistrationException;
import dev.culvert.api.Stream;
import dev.culvert.api.net.CulvertSocket;
import dev.culvert.api.net.NamedAddress;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import javax.net.SocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The contract between two agents and through a relay, and what only sockets of ours have. */
final class RelayedSocketTest extends SocketContract {
    private final Net net = new Net();
    private final Blocked blocked = new Blocked();
    private CulvertNode edge;
    private CulvertNode laptop;

    @BeforeEach
    @Override
    void connect() throws IOException {
        net.start(net.relay("relay1"));
        edge = net.start(net.agent("edge7", "relay1"));
        laptop = net.start(net.agent("laptop", "relay1"));
        edge.awaitLink(Net.PATIENCE);
        laptop.awaitLink(Net.PATIENCE);
        super.connect();
    }

    @AfterEach
    @Override
    void close() throws IOException {
        super.close();
        net.close();
    }

    @Override
    ServerSocket listen() throws IOException {
        return edge.serverSocket("echo");
    }

    @Override
    ServerSocket unbound() throws IOException {
        return edge.serverSocketFactory().createServerSocket();
    }

    @Override
    Socket socket() throws IOException {
        return laptop.socketFactory().createSocket();
    }

    @Override
    SocketAddress placeOf(ServerSocket server) {
        return InetSocketAddress.createUnresolved(
                "edge7." + server.getInetAddress().getHostName(), 443);
    }

    @Override
    SocketAddress freePlace() {
        return InetSocketAddress.createUnresolved("web-free", 0);
    }

    @Test
    void a_socket_is_dialled_by_its_name_and_shows_its_stream() throws IOException {
        try (ServerSocket web = edge.serverSocket("web");
                Socket socket = laptop.socket("edge7.web");
                Socket caller = web.accept()) {
            assertThat(socket.getInetAddress().getHostName()).isEqualTo("edge7.web");
            assertThat(socket.getPort()).isZero();
            Stream stream = ((CulvertSocket) caller).stream();
            assertThat(stream.principal()).isEqualTo(laptop.principal().id());
            assertThat(caller.getInetAddress().getHostName())
                    .isEqualTo(laptop.principal().id());
        }
    }

    @Test
    void a_factory_takes_hosts_in_every_form() throws IOException {
        edge.bind("greet", stream -> stream.output().write("hi".getBytes(UTF_8)));
        SocketFactory factory = laptop.socketFactory();
        InetAddress looked = NamedAddress.of("edge7.greet");
        try (Socket byName = factory.createSocket("Edge7.greet", 80);
                Socket byAddress = factory.createSocket(looked, 80);
                Socket withLocal = factory.createSocket("greet", 80, InetAddress.getLoopbackAddress(), 0);
                Socket bothLooked = factory.createSocket(looked, 1, InetAddress.getLoopbackAddress(), 0)) {
            for (Socket socket : new Socket[] {byName, byAddress, withLocal, bothLooked}) {
                assertThat(socket.getInputStream().readAllBytes()).isEqualTo("hi".getBytes(UTF_8));
            }
        }
        assertThat(factory)
                .isEqualTo(laptop.socketFactory())
                .hasSameHashCodeAs(laptop.socketFactory())
                .isNotEqualTo(edge.socketFactory());
    }

    @Test
    void a_port_alone_is_a_virtual_port() throws IOException {
        try (ServerSocket bound = edge.serverSocketFactory().createServerSocket(8080);
                Socket socket = laptop.socket("edge7:8080");
                Socket caller = bound.accept()) {
            assertThat(bound.getLocalPort()).isEqualTo(8080);
            assertThat(socket.getPort()).isEqualTo(8080);
            caller.getOutputStream().write('p');
            assertThat(socket.getInputStream().read()).isEqualTo('p');
        }
        assertThatThrownBy(() -> edge.serverSocketFactory().createServerSocket(0))
                .isInstanceOf(BindException.class)
                .hasMessageContaining("name and port");
    }

    @Test
    void refusals_are_told_in_the_words_of_java_net_with_ours_as_the_cause() throws IOException {
        edge.bind(
                "echo-busy",
                BindOptions.DEFAULT.withHandlers(1),
                stream -> stream.input().read());
        try (Socket first = laptop.socket("echo-busy")) {
            assertThat(first.isConnected()).isTrue();
            refused("echo-busy", ConnectException.class, ErrorCode.BUSY);
        }
        refused("nobody", UnknownHostException.class, ErrorCode.UNKNOWN_SERVICE);
        refused("secret", ConnectException.class, ErrorCode.DENIED);
        assertThatThrownBy(() -> laptop.socketFactory().createSocket("10.0.0.1", 80))
                .isInstanceOf(UnknownHostException.class)
                .hasMessageContaining("10.0.0.1");
        assertThatThrownBy(() -> laptop.socketFactory().createSocket("no_node.x y", 80))
                .isInstanceOf(UnknownHostException.class)
                .hasMessageContaining("no_node");
        CulvertNode stranger = net.linked("edge8", "relay1");
        assertThatThrownBy(() -> stranger.serverSocket("echo"))
                .isInstanceOf(BindException.class)
                .hasMessageContaining("edge7")
                .hasCauseInstanceOf(RegistrationException.class);
    }

    private void refused(String name, Class<? extends IOException> type, ErrorCode code) {
        assertThatThrownBy(() -> laptop.socket(name))
                .isInstanceOf(type)
                .hasMessageContaining(code.name())
                .cause()
                .isInstanceOfSatisfying(
                        DialException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void a_connect_ends_with_its_time_and_with_a_close() throws Exception {
        CulvertNode alone = net.start(net.agent("alone", "nowhere"));
        try (Socket waiting = alone.socketFactory().createSocket()) {
            InetSocketAddress place = InetSocketAddress.createUnresolved("web", 80);
            assertThatThrownBy(() -> waiting.connect(place, 50))
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessageContaining("50 ms");
        }
        Socket closed = alone.socketFactory().createSocket();
        Blocked.Call<Void> connecting = blocked.begin(() -> {
            closed.connect(InetSocketAddress.createUnresolved("web", 80));
            return null;
        });
        connecting.awaitBlocked();
        closed.close();
        assertThat(connecting.failure()).isInstanceOf(SocketException.class).hasMessageContaining("losed");
    }

    @Test
    void a_factory_dials_with_its_options() throws IOException {
        SocketFactory patient = laptop.socketFactory(
                DialOptions.DEFAULT.withWaitUpTo(Duration.ofMinutes(1)).withHeaders(Map.of("colour", "blue")));
        Blocked.Call<Socket> connecting = blocked.begin(() -> patient.createSocket("edge7.web", 80));
        try (ServerSocket late = edge.serverSocket("web");
                Socket caller = late.accept()) {
            assertThat(((CulvertSocket) caller).stream().headers()).containsEntry("colour", "blue");
            connecting.result().close();
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    @Test
    void a_lost_link_is_a_reset_connection() throws Exception {
        Socket socket = laptop.socket("echo");
        Blocked.Call<Integer> reading =
                blocked.begin(() -> socket.getInputStream().read());
        reading.awaitBlocked();
        edge.close();
        assertThat(reading.failure())
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("Connection reset")
                .hasMessageContaining("LINK_LOST");
    }
}
