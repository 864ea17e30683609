package dev.culvert.http2;

import static dev.culvert.http2.Sockets.connect;
import static dev.culvert.http2.Sockets.hear;
import static dev.culvert.http2.Sockets.say;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
final class PrefaceListenerTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final String PREFACE = new String(FirstBytes.PREFACE, StandardCharsets.ISO_8859_1);
    private static final String SETTINGS = "\000\000\000\004\000\000\000\000\000";
    private static final Duration SOON = Duration.ofSeconds(10);

    /** So that only what is said counts. */
    private static final PrefaceOptions PATIENT = PrefaceOptions.DEFAULT.withSilence(Duration.ofHours(1));

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    private PrefaceListener listen(PrefaceOptions options) throws IOException {
        PrefaceListener listener = PrefaceListener.listen(ANY_PORT, options);
        opened.add(listener);
        return listener;
    }

    private Socket peer(PrefaceListener listener, String says) throws IOException {
        Socket socket = connect(listener.address());
        opened.add(socket);
        say(socket, says);
        return socket;
    }

    /** What can be wrapped. */
    enum Kind {
        OWN {
            @Override
            PrefaceListener make(PrefaceOptions options) throws IOException {
                return PrefaceListener.listen(ANY_PORT, options);
            }
        },
        SERVER_SOCKET {
            @Override
            PrefaceListener make(PrefaceOptions options) throws IOException {
                return PrefaceListener.wrap(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), options);
            }
        },
        SERVER_SOCKET_OF_A_CHANNEL {
            @Override
            PrefaceListener make(PrefaceOptions options) throws IOException {
                return PrefaceListener.wrap(
                        ServerSocketChannel.open().bind(ANY_PORT).socket(), options);
            }
        };

        abstract PrefaceListener make(PrefaceOptions options) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void clients_are_accepted_and_servers_are_dialled_with_all_that_they_said(Kind kind) throws IOException {
        PrefaceListener listener = kind.make(PATIENT);
        opened.add(listener);
        Socket client = peer(listener, PREFACE + "rest");
        Socket server = peer(listener, SETTINGS);

        try (Socket accepted = listener.accept();
                Socket dialled = listener.dial("", SOON)) {
            assertThat(hear(accepted, 28)).isEqualTo(PREFACE + "rest");
            say(accepted, "answer");
            assertThat(hear(client, 6)).isEqualTo("answer");

            assertThat(hear(dialled, 9)).isEqualTo(SETTINGS);
            say(dialled, PREFACE);
            assertThat(hear(server, 24)).isEqualTo(PREFACE);
            assertThat(dialled.getRemoteSocketAddress()).isEqualTo(server.getLocalSocketAddress());
        }
        assertThat(client.getInputStream().read()).isEqualTo(-1);
        assertThat(server.getInputStream().read()).isEqualTo(-1);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SERVER_SOCKET")
    void a_client_that_ends_its_side_with_its_request_gets_its_answer(Kind kind) throws IOException {
        PrefaceListener listener = kind.make(PATIENT);
        opened.add(listener);
        Socket client = peer(listener, "GET / HTTP/1.0\r\n\r\n");
        client.shutdownOutput();

        try (Socket accepted = listener.clients().accept(SOON)) {
            assertThat(hear(accepted, 18)).isEqualTo("GET / HTTP/1.0\r\n\r\n");
            assertThat(accepted.getInputStream().read()).isEqualTo(-1);
            say(accepted, "answer");
        }
        assertThat(hear(client, 6)).isEqualTo("answer");
    }

    @Test
    void dialling_needs_nobody_who_accepts_however_many_clients_come() throws IOException {
        PrefaceListener listener = listen(PATIENT.withBacklog(2));
        for (int i = 0; i < 10; i++) {
            peer(listener, PREFACE);
        }
        peer(listener, SETTINGS);
        listener.dial("", SOON).close();
        listener.accept().close();
        listener.accept().close();
    }

    @Test
    void a_silent_connection_counts_as_reversed_after_a_while() throws IOException {
        PrefaceListener listener = listen(PrefaceOptions.DEFAULT);
        Socket silent = connect(listener.address());
        opened.add(silent);

        try (Socket dialled = listener.dial("", SOON)) {
            say(dialled, PREFACE);
            assertThat(hear(silent, 24)).isEqualTo(PREFACE);
        }
    }

    @Test
    void silent_connections_delay_nobody() throws IOException {
        PrefaceListener listener = listen(PATIENT);
        for (int i = 0; i < 50; i++) {
            opened.add(connect(listener.address()));
        }
        peer(listener, PREFACE);
        peer(listener, SETTINGS);

        listener.clients().accept(SOON).close();
        listener.dial("", SOON).close();
        assertThat(listener.waiting()).isEmpty();
    }

    @Test
    void a_client_that_was_silent_too_long_is_still_a_client() throws IOException {
        PrefaceListener listener = listen(PrefaceOptions.DEFAULT.withSilence(Duration.ofMillis(20)));
        Socket slow = connect(listener.address());
        opened.add(slow);
        await().until(() -> listener.waiting().size() == 1);

        say(slow, PREFACE.substring(0, 10));
        say(slow, PREFACE.substring(10));

        try (Socket accepted = listener.accept()) {
            assertThat(hear(accepted, 24)).isEqualTo(PREFACE);
        }
        assertThat(listener.waiting()).isEmpty();
    }

    @Test
    void a_name_that_comes_late_is_still_a_name() throws IOException {
        PrefaceListener listener = listen(PrefaceOptions.DEFAULT.withSilence(Duration.ofMillis(20)));
        Socket slow = connect(listener.address());
        opened.add(slow);
        await().until(() -> listener.waiting().size() == 1);

        say(slow, "REVERSE edge7\n");

        listener.dial("edge7", SOON).close();
        assertThat(listener.waiting()).isEmpty();
    }

    @Test
    void names_are_told_and_taken_off() throws IOException {
        PrefaceListener listener = listen(PATIENT);
        peer(listener, "EVAone");
        peer(listener, "ELAtwo");
        peer(listener, "REVERSE edge7\nthree");

        try (Socket three = listener.dial("edge7", SOON);
                Socket two = listener.dial("ELA", SOON);
                Socket one = listener.dial("EVA", SOON)) {
            assertThat(hear(one, 3)).isEqualTo("one");
            assertThat(hear(two, 3)).isEqualTo("two");
            assertThat(hear(three, 5)).isEqualTo("three");
        }
    }

    @Test
    void a_dial_waits_for_the_peer_that_it_names() throws Exception {
        PrefaceListener listener = listen(PATIENT);
        CompletableFuture<Socket> dial = CompletableFuture.supplyAsync(() -> {
            try {
                return listener.dial("edge7", SOON);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        peer(listener, "REVERSE edge6\n");
        await().until(() -> listener.waiting().size() == 1);
        assertThat(dial).isNotDone();
        peer(listener, "REVERSE edge7\n");

        dial.get().close();
        assertThat(listener.waiting()).extracting(Peer::name).containsExactly("edge6");
    }

    @Test
    void a_dial_in_vain_says_who_waits_instead() throws IOException {
        PrefaceListener listener = listen(PATIENT);
        assertThatThrownBy(() -> listener.dial("edge7", Duration.ofMillis(30)))
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessage("no peer 'edge7' dialled in within 30 ms (waiting now: nobody)");
        peer(listener, "REVERSE edge6\n");
        await().until(() -> listener.waiting().size() == 1);
        assertThatThrownBy(() -> listener.dial("edge7", Duration.ofMillis(30)))
                .hasMessageContaining("(waiting now: [edge6 at /127.0.0.1:");
    }

    @Test
    void a_peer_can_be_dialled_by_where_it_comes_from() throws IOException {
        PrefaceListener listener = listen(PATIENT);
        peer(listener, SETTINGS);
        Socket wanted = peer(listener, SETTINGS);

        try (Socket dialled = listener.dial(peer -> peer.address().equals(wanted.getLocalSocketAddress()), SOON)) {
            say(dialled, "x");
            assertThat(hear(wanted, 1)).isEqualTo("x");
        }
    }

    @Test
    void a_peer_that_went_away_is_forgotten() throws IOException {
        PrefaceListener listener = listen(PATIENT);
        peer(listener, SETTINGS).close();
        Socket silent = peer(listener, "REVERSE edge7\n");
        await().until(() -> listener.waiting().size() == 1);
        silent.setSoLinger(true, 0);
        silent.close();

        await().until(() -> listener.waiting().isEmpty());
    }

    @Test
    void a_peer_that_connects_again_and_again_keeps_its_newest() throws IOException {
        PrefaceListener listener = listen(PATIENT.withMostWaiting(10, 2));
        Socket first = peer(listener, "REVERSE edge7\n");
        await().until(() -> listener.waiting().size() == 1);
        peer(listener, "REVERSE edge7\n");
        await().until(() -> listener.waiting().size() == 2);
        peer(listener, "REVERSE edge7\n");

        assertThat(first.getInputStream().read()).as("the oldest is closed").isEqualTo(-1);
        assertThat(listener.waiting()).hasSize(2);
    }

    @Test
    void too_many_peers_are_refused() throws IOException {
        PrefaceListener listener = listen(PATIENT.withMostWaiting(2, 2));
        peer(listener, "REVERSE edge1\n");
        peer(listener, "REVERSE edge2\n");
        await().until(() -> listener.waiting().size() == 2);

        assertThat(peer(listener, "REVERSE edge3\n").getInputStream().read()).isEqualTo(-1);
        assertThat(listener.waiting()).extracting(Peer::name).containsExactlyInAnyOrder("edge1", "edge2");
    }

    @Test
    void a_malformed_preface_is_refused() throws IOException {
        PrefaceListener listener = listen(PATIENT);
        assertThat(peer(listener, "PRI * HTTP/3.0\r\n\r\n").getInputStream().read())
                .isEqualTo(-1);
    }

    @Test
    void who_begins_and_does_not_go_on_is_closed() throws IOException {
        PrefaceListener listener = listen(PATIENT.withDecideWithin(Duration.ofMillis(50)));
        assertThat(peer(listener, "PRI * ").getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void of_too_many_undecided_the_oldest_is_closed() throws IOException {
        PrefaceListener listener = listen(PATIENT.withMostUndecided(2));
        Socket oldest = peer(listener, "P");
        opened.add(connect(listener.address()));
        opened.add(connect(listener.address()));
        assertThat(oldest.getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void closing_wakes_who_waits_and_closes_who_waits_to_be_dialled() throws Exception {
        PrefaceListener listener = listen(PATIENT);
        Socket waiting = peer(listener, "REVERSE edge7\n");
        await().until(() -> listener.waiting().size() == 1);
        CompletableFuture<Throwable> accept = failure(listener::accept);
        CompletableFuture<Throwable> dial = failure(() -> listener.dial("nobody", Duration.ZERO));

        listener.close();

        assertThat(accept.get()).isInstanceOf(SocketException.class);
        assertThat(dial.get()).isInstanceOf(SocketException.class);
        assertThat(waiting.getInputStream().read()).isEqualTo(-1);
        assertThatThrownBy(() -> listener.dial("", Duration.ZERO)).isInstanceOf(SocketException.class);
        assertThatThrownBy(listener::accept).isInstanceOf(SocketException.class);
    }

    private static CompletableFuture<Throwable> failure(java.util.concurrent.Callable<Socket> what) {
        return CompletableFuture.supplyAsync(() -> {
            try (Socket unexpected = what.call()) {
                return new AssertionError("got " + unexpected);
            } catch (Exception e) {
                return e;
            }
        });
    }

    @Test
    void a_server_socket_ends_alone_and_the_listener_dials_on() throws Exception {
        PrefaceListener listener = listen(PATIENT);
        ServerSocket sockets = listener.clients().serverSocket();
        assertThat(sockets.getLocalPort()).isEqualTo(((InetSocketAddress) listener.address()).getPort());
        peer(listener, PREFACE);
        sockets.accept().close();
        sockets.setSoTimeout(20);
        assertThatThrownBy(sockets::accept).isInstanceOf(SocketTimeoutException.class);
        sockets.setSoTimeout(0);
        CompletableFuture<Throwable> accept = failure(sockets::accept);
        sockets.close();
        assertThat(accept.get()).isInstanceOf(SocketException.class);

        peer(listener, SETTINGS);
        listener.dial("", SOON).close();
    }

    @Test
    void bare_names_that_cannot_be_told_apart_are_refused() {
        assertThatThrownBy(() -> PrefaceOptions.DEFAULT.withBareNames(Set.of("EVA", "EVAN")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PrefaceOptions.DEFAULT.withBareNames(Set.of("PR")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Announcement.of("edge 7"))
                .hasMessage("name: 'edge 7' (expected: up to 63 letters, digits, dots, dashes or underscores)");
    }
}
