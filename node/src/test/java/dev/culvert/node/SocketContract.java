package dev.culvert.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What programs rely on when they have a socket; the JDK's own are the oracle, ours must pass the same. */
@Timeout(60)
abstract class SocketContract implements SocketOptionsContract {
    private static final int SHORT_MILLIS = 50;

    private final Blocked blocked = new Blocked();
    private ServerSocket server;
    private Socket client;
    private Socket accepted;

    /** Listens. */
    abstract ServerSocket listen() throws IOException;

    /** Not bound yet. */
    abstract ServerSocket unbound() throws IOException;

    /** Not connected yet. */
    abstract Socket socket() throws IOException;

    /** Where {@code server} is found. */
    abstract SocketAddress placeOf(ServerSocket server);

    /** Where {@link #unbound} may be bound. */
    abstract SocketAddress freePlace();

    @Override
    public final Socket client() {
        return client;
    }

    @Override
    public final ServerSocket server() {
        return server;
    }

    @BeforeEach
    void connect() throws IOException {
        server = listen();
        client = socket();
        client.connect(placeOf(server));
        accepted = server.accept();
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        accepted.close();
        server.close();
    }

    @Test
    void bytes_go_both_ways_and_either_end_may_finish_first() throws IOException {
        say(client, "question");
        client.shutdownOutput();
        assertThat(client.isOutputShutdown()).isTrue();
        assertThat(accepted.getInputStream().readAllBytes()).isEqualTo("question".getBytes(UTF_8));
        assertThat(accepted.getInputStream().read()).isEqualTo(-1);
        say(accepted, "answer");
        accepted.shutdownOutput();
        assertThat(client.getInputStream().readAllBytes()).isEqualTo("answer".getBytes(UTF_8));
        assertThat(client.getInputStream().read(new byte[3])).isEqualTo(-1);
    }

    @Test
    void the_accepting_end_may_finish_first_too() throws IOException {
        say(accepted, "220 ready");
        accepted.shutdownOutput();
        assertThat(client.getInputStream().readAllBytes()).isEqualTo("220 ready".getBytes(UTF_8));
        say(client, "bye");
        client.close();
        assertThat(accepted.getInputStream().readAllBytes()).isEqualTo("bye".getBytes(UTF_8));
    }

    @Test
    void single_bytes_and_parts_of_arrays_are_read_and_written() throws IOException {
        OutputStream out = client.getOutputStream();
        out.write(200);
        out.write("xyz".getBytes(UTF_8), 1, 1);
        out.write(new byte[0]);
        out.flush();
        InputStream in = accepted.getInputStream();
        assertThat(in.read()).isEqualTo(200);
        byte[] target = new byte[4];
        assertThat(in.read(target, 2, 1)).isEqualTo(1);
        assertThat(target).containsExactly(0, 0, 'y', 0);
        assertThat(in.read(new byte[0])).isZero();
        assertThatThrownBy(() -> in.read(target, 3, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> out.write(target, -1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void megabytes_go_both_ways_at_once_and_arrive_whole() throws Exception {
        byte[] bytes = new byte[6 << 20];
        new Random(5).nextBytes(bytes);
        Blocked.Call<Void> echo = blocked.begin(() -> {
            accepted.getInputStream().transferTo(accepted.getOutputStream());
            accepted.shutdownOutput();
            return null;
        });
        Blocked.Call<Void> sending = blocked.begin(() -> {
            client.getOutputStream().write(bytes);
            client.shutdownOutput();
            return null;
        });
        assertThat(client.getInputStream().readAllBytes()).isEqualTo(bytes);
        sending.result();
        echo.result();
    }

    @Test
    void available_counts_what_can_be_read_without_waiting() throws IOException {
        assertThat(client.getInputStream().available()).isZero();
        say(accepted, "hello");
        await().atMost(Net.PATIENCE).until(() -> client.getInputStream().available() == 5);
        assertThat(client.getInputStream().read()).isEqualTo('h');
        assertThat(client.getInputStream().available()).isEqualTo(4);
    }

    @Test
    void a_read_that_takes_longer_than_so_timeout_fails_and_the_socket_lives() throws IOException {
        client.setSoTimeout(SHORT_MILLIS);
        assertThat(client.getSoTimeout()).isEqualTo(SHORT_MILLIS);
        assertThatThrownBy(() -> client.getInputStream().read())
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessageContaining("Read timed out");
        client.setSoTimeout(0);
        say(accepted, "x");
        assertThat(client.getInputStream().read()).isEqualTo('x');
    }

    @Test
    void an_accept_that_takes_longer_than_so_timeout_fails_and_the_server_lives() throws IOException {
        server.setSoTimeout(SHORT_MILLIS);
        assertThat(server.getSoTimeout()).isEqualTo(SHORT_MILLIS);
        assertThatThrownBy(() -> server.accept())
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessageContaining("Accept timed out");
        server.setSoTimeout(0);
        try (Socket second = socket()) {
            second.connect(placeOf(server));
            try (Socket peer = server.accept()) {
                say(second, "s");
                assertThat(peer.getInputStream().read()).isEqualTo('s');
            }
        }
    }

    @Test
    void input_that_was_shut_down_is_at_its_end() throws Exception {
        Blocked.Call<Integer> reading =
                blocked.begin(() -> client.getInputStream().read());
        reading.awaitBlocked();
        InputStream in = client.getInputStream();
        client.shutdownInput();
        assertThat(reading.result()).isEqualTo(-1);
        assertThat(in.read()).isEqualTo(-1);
        assertThat(in.available()).isZero();
        assertThat(client.isInputShutdown()).isTrue();
        assertThatThrownBy(() -> client.shutdownInput()).isInstanceOf(SocketException.class);
        assertThatThrownBy(() -> client.getInputStream()).isInstanceOf(SocketException.class);
        say(client, "still");
        assertThat(accepted.getInputStream().readNBytes(5)).isEqualTo("still".getBytes(UTF_8));
    }

    @Test
    void output_that_was_shut_down_takes_nothing() throws IOException {
        OutputStream out = client.getOutputStream();
        client.shutdownOutput();
        assertThatThrownBy(() -> out.write(1)).isInstanceOf(SocketException.class);
        assertThatThrownBy(() -> client.getOutputStream()).isInstanceOf(SocketException.class);
        assertThatThrownBy(() -> client.shutdownOutput()).isInstanceOf(SocketException.class);
    }

    @Test
    void close_wakes_a_thread_that_reads() throws Exception {
        Blocked.Call<Integer> reading =
                blocked.begin(() -> client.getInputStream().read());
        reading.awaitBlocked();
        client.close();
        assertThat(reading.failure()).isInstanceOf(SocketException.class).hasMessageContaining("losed");
    }

    @Test
    void close_wakes_a_thread_that_writes() throws Exception {
        Blocked.Call<Void> writing = blocked.begin(() -> {
            while (true) {
                client.getOutputStream().write(new byte[1 << 20]);
            }
        });
        writing.awaitBlocked();
        client.close();
        assertThat(writing.failure()).isInstanceOf(SocketException.class);
    }

    @Test
    void close_wakes_a_thread_that_accepts() throws Exception {
        Blocked.Call<Socket> accepting = blocked.begin(server::accept);
        accepting.awaitBlocked();
        server.close();
        assertThat(accepting.failure()).isInstanceOf(SocketException.class).hasMessageContaining("losed");
        assertThat(server.isClosed()).isTrue();
        assertThatThrownBy(() -> server.accept()).isInstanceOf(SocketException.class);
        server.close();
    }

    @Test
    void to_close_a_stream_of_a_socket_closes_the_socket() throws IOException {
        client.getInputStream().close();
        assertThat(client.isClosed()).isTrue();
        accepted.getOutputStream().close();
        assertThat(accepted.isClosed()).isTrue();
    }

    @Test
    void a_closed_socket_says_so_to_every_call_and_may_be_closed_again() throws IOException {
        InputStream in = client.getInputStream();
        OutputStream out = client.getOutputStream();
        client.close();
        client.close();
        assertThat(client.isClosed()).isTrue();
        assertThat(client.isConnected()).isTrue();
        assertThatThrownBy(in::read).isInstanceOf(SocketException.class);
        assertThatThrownBy(in::available).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> out.write(1)).isInstanceOf(SocketException.class);
        assertThatThrownBy(() -> client.getInputStream()).isInstanceOf(SocketException.class);
        assertThatThrownBy(() -> client.getOutputStream()).isInstanceOf(SocketException.class);
        assertThatThrownBy(() -> client.setSoTimeout(1)).isInstanceOf(SocketException.class);
        assertThatThrownBy(() -> client.shutdownOutput()).isInstanceOf(SocketException.class);
        assertThatThrownBy(() -> client.connect(placeOf(server))).isInstanceOf(SocketException.class);
    }

    @Test
    void a_socket_that_is_not_connected_says_so() throws IOException {
        try (Socket fresh = socket()) {
            assertThat(fresh.isConnected()).isFalse();
            assertThat(fresh.getInetAddress()).isNull();
            assertThat(fresh.getRemoteSocketAddress()).isNull();
            assertThat(fresh.getPort()).isZero();
            assertThat(fresh.getLocalPort()).isEqualTo(-1);
            assertThatThrownBy(fresh::getInputStream).isInstanceOf(SocketException.class);
            assertThatThrownBy(fresh::getOutputStream).isInstanceOf(SocketException.class);
            assertThatThrownBy(fresh::shutdownInput).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void a_connected_socket_says_where_to() throws IOException {
        assertThat(client.isConnected()).isTrue();
        assertThat(client.isBound()).isTrue();
        InetSocketAddress place = (InetSocketAddress) placeOf(server);
        assertThat(client.getPort()).isEqualTo(place.getPort());
        assertThat(client.getInetAddress()).isNotNull();
        assertThat(client.getInetAddress().getHostName()).isEqualTo(place.getHostString());
        assertThat(client.getRemoteSocketAddress())
                .isEqualTo(new InetSocketAddress(client.getInetAddress(), client.getPort()));
        assertThat(accepted.getInetAddress()).isNotNull();
        assertThat(client.getLocalSocketAddress()).isNotNull();
        assertThat(client.getChannel()).isNull();
        assertThat(accepted.getChannel()).isNull();
        assertThat(server.getChannel()).isNull();
    }

    @Test
    void a_socket_connects_once() {
        assertThatThrownBy(() -> client.connect(placeOf(server)))
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("onnected");
    }

    @Test
    void a_connect_refuses_what_makes_no_sense() throws IOException {
        try (Socket fresh = socket()) {
            assertThatThrownBy(() -> fresh.connect(null)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> fresh.connect(placeOf(server), -1)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> fresh.connect(UnixDomainSocketAddress.of("/x")))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void a_name_that_nobody_has_is_an_unknown_host() throws IOException {
        try (Socket fresh = socket()) {
            assertThatThrownBy(() -> fresh.connect(InetSocketAddress.createUnresolved("nobody", 80)))
                    .isInstanceOf(UnknownHostException.class)
                    .hasMessageContaining("nobody");
        }
    }

    @Test
    void an_interrupt_does_not_disturb_a_platform_thread() throws Exception {
        Blocked.Call<String> reading = blocked.begin(() -> {
            int read = client.getInputStream().read();
            return (char) read + " " + Thread.currentThread().isInterrupted();
        });
        reading.awaitBlocked();
        reading.interrupt();
        Blocked.Call<Boolean> accepting = blocked.begin(() -> {
            server.accept().close();
            return Thread.currentThread().isInterrupted();
        });
        accepting.awaitBlocked();
        accepting.interrupt();
        say(accepted, "i");
        assertThat(reading.result()).isEqualTo("i true");
        try (Socket second = socket()) {
            second.connect(placeOf(server));
            assertThat(accepting.result()).isTrue();
        }
    }

    @Test
    void an_interrupt_closes_the_socket_of_a_virtual_thread() throws Exception {
        assumeThat(Blocked.hasVirtualThreads())
                .as("virtual threads exist since Java 21")
                .isTrue();
        Blocked.Call<Integer> reading =
                blocked.beginVirtual(() -> client.getInputStream().read());
        reading.awaitBlocked();
        reading.interrupt();
        assertThat(reading.failure()).isInstanceOf(SocketException.class).hasMessageContaining("interrupt");
        assertThat(client.isClosed()).isTrue();

        Blocked.Call<Socket> accepting = blocked.beginVirtual(server::accept);
        accepting.awaitBlocked();
        accepting.interrupt();
        assertThat(accepting.failure()).isInstanceOf(SocketException.class).hasMessageContaining("interrupt");
        assertThat(server.isClosed()).isTrue();
    }

    @Test
    void a_close_with_linger_zero_resets() throws Exception {
        client.setSoLinger(true, 0);
        assertThat(client.getSoLinger()).isZero();
        say(client, "x");
        assertThat(accepted.getInputStream().read()).isEqualTo('x');
        Blocked.Call<Integer> reading =
                blocked.begin(() -> accepted.getInputStream().read());
        reading.awaitBlocked();
        client.close();
        assertThat(reading.failure()).isInstanceOf(SocketException.class).hasMessageContaining("Connection reset");
    }

    @Test
    void writes_to_an_end_that_has_closed_fail_after_a_while() throws IOException {
        client.close();
        await().atMost(Net.PATIENCE)
                .untilAsserted(() -> assertThatThrownBy(
                                () -> accepted.getOutputStream().write(new byte[100_000]))
                        .isInstanceOf(SocketException.class));
    }

    @Test
    void a_server_binds_once_and_accepts_when_it_is_bound() throws IOException {
        try (ServerSocket fresh = unbound()) {
            assertThat(fresh.isBound()).isFalse();
            assertThat(fresh.getLocalPort()).isEqualTo(-1);
            assertThatThrownBy(fresh::accept).isInstanceOf(SocketException.class);
            fresh.bind(freePlace(), 3);
            assertThat(fresh.isBound()).isTrue();
            assertThatThrownBy(() -> fresh.bind(freePlace())).isInstanceOf(SocketException.class);
            try (Socket caller = socket()) {
                caller.connect(placeOf(fresh));
                fresh.accept().close();
                assertThat(caller.getInputStream().read()).isEqualTo(-1);
            }
        }
        assertThatThrownBy(() -> unbound().bind(UnixDomainSocketAddress.of("/x")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void tls_is_layered_over_it_at_both_ends() throws Exception {
        TlsOverSockets tls = new TlsOverSockets();
        Blocked.Call<String> serving = blocked.begin(() -> tls.serve(accepted));
        assertThat(tls.ask(client, "over tls")).isEqualTo("OVER TLS");
        assertThat(serving.result()).isEqualTo("over tls");
        assertThat(client.isClosed()).isTrue();
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(UTF_8));
    }
}
