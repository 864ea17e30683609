package dev.culvert.http2;

import static dev.culvert.http2.Sockets.hear;
import static dev.culvert.http2.Sockets.say;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A dial listener against a plain server socket, which sees what it dials. */
@Timeout(60)
final class DialListenerTest {
    private static final String PREFACE = new String(FirstBytes.PREFACE, StandardCharsets.ISO_8859_1);
    private static final DialOptions QUICK =
            DialOptions.DEFAULT.withRetries(Duration.ofMillis(10), Duration.ofMillis(100));

    private final List<AutoCloseable> opened = new ArrayList<>();
    private ServerSocket routable;

    @BeforeEach
    void open() throws IOException {
        routable = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        routable.setSoTimeout(10_000);
        opened.add(routable);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    private DialListener dialling(DialOptions options) {
        DialListener listener = DialListener.to((InetSocketAddress) routable.getLocalSocketAddress(), options);
        opened.add(listener);
        return listener;
    }

    private Socket dialled() throws IOException {
        Socket socket = routable.accept();
        socket.setSoTimeout(10_000);
        opened.add(socket);
        return socket;
    }

    @Test
    void without_a_name_the_server_speaks_first() throws IOException {
        DialListener listener = dialling(QUICK);
        Socket far = dialled();
        Socket near = listener.accept();

        say(near, "settings");
        assertThat(hear(far, 8)).isEqualTo("settings");
        say(far, PREFACE);
        assertThat(hear(near, 24)).isEqualTo(PREFACE);
    }

    @Test
    void with_a_name_that_comes_first_and_the_server_gets_the_connection_when_it_is_used() throws IOException {
        DialListener listener = dialling(QUICK.withAnnouncement(Announcement.bare("EVA")));
        Socket far = dialled();
        assertThat(hear(far, 3)).isEqualTo("EVA");
        assertThatThrownBy(() -> listener.connections().accept(Duration.ofMillis(50)))
                .isInstanceOf(SocketTimeoutException.class);

        say(far, PREFACE);

        assertThat(hear(listener.accept(), 24)).isEqualTo(PREFACE);
    }

    @Test
    void a_spare_is_dialled_as_soon_as_the_last_one_is_used() throws IOException {
        dialling(QUICK.withAnnouncement(Announcement.of("edge7")));
        for (int i = 0; i < 5; i++) {
            Socket far = dialled();
            assertThat(hear(far, 14)).isEqualTo("REVERSE edge7\n");
            routable.setSoTimeout(50);
            assertThatThrownBy(routable::accept).as("one spare only").isInstanceOf(SocketTimeoutException.class);
            routable.setSoTimeout(10_000);
            say(far, PREFACE);
        }
    }

    @Test
    void there_are_no_more_connections_than_permitted() throws IOException {
        dialling(QUICK.withMostConnections(1).withAnnouncement(Announcement.of("edge7")));
        Socket far = dialled();
        say(far, PREFACE);
        routable.setSoTimeout(50);
        assertThatThrownBy(routable::accept).isInstanceOf(SocketTimeoutException.class);
        routable.setSoTimeout(10_000);
        far.close();
        dialled();
    }

    @Test
    void a_spare_that_was_dropped_is_redialled() throws IOException {
        dialling(QUICK);
        for (int i = 0; i < 5; i++) {
            dialled().close();
        }
    }

    @Test
    void many_short_uses_by_clients_hold_up_no_dial() throws IOException {
        dialling(DialOptions.DEFAULT
                .withRetries(Duration.ofDays(1), Duration.ofDays(1))
                .withAnnouncement(Announcement.of("edge7")));
        for (int i = 0; i < 40; i++) {
            useAndEnd(PREFACE);
        }
    }

    private void useAndEnd(String first) throws IOException {
        try (Socket far = routable.accept()) {
            far.setSoTimeout(10_000);
            assertThat(hear(far, 14)).isEqualTo("REVERSE edge7\n");
            say(far, first);
        }
    }

    @Test
    void it_dials_until_there_is_somebody() throws IOException {
        int port = routable.getLocalPort();
        routable.close();
        dialling(QUICK);
        routable = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        routable.setSoTimeout(10_000);
        opened.add(routable);
        dialled();
    }

    @Test
    void an_unknown_host_is_tried_again_and_closing_ends_that() throws Exception {
        DialListener listener = DialListener.to(InetSocketAddress.createUnresolved("nowhere.invalid", 1), QUICK);
        CompletableFuture<Throwable> accept = CompletableFuture.supplyAsync(() -> {
            try (Socket unexpected = listener.accept()) {
                return new AssertionError("got " + unexpected);
            } catch (IOException e) {
                return e;
            }
        });
        listener.close();
        assertThat(accept.get()).isInstanceOf(SocketException.class);
        listener.close();
    }

    /** Repeated, for the dial is not over on this side when the other side has it. */
    @RepeatedTest(50)
    void closing_its_server_socket_closes_it() throws IOException {
        ServerSocket sockets = dialling(QUICK).connections().serverSocket();
        Socket far = dialled();
        sockets.close();
        assertThat(far.getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void what_was_written_arrives_before_the_end_and_half_closes_work_both_ways() throws IOException {
        DialListener listener = dialling(QUICK);
        Socket far = dialled();
        Socket near = listener.accept();
        byte[] much = new byte[3_000_000];

        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
            try {
                near.getOutputStream().write(much);
                near.shutdownOutput();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        assertThat(far.getInputStream().readAllBytes()).isEqualTo(much);
        writing.join();
        say(far, "and back");
        far.shutdownOutput();
        assertThat(near.getInputStream().readAllBytes())
                .asString(StandardCharsets.US_ASCII)
                .isEqualTo("and back");
        near.close();
        assertThatThrownBy(() -> near.getInputStream().read()).isInstanceOf(SocketException.class);
    }

    @Test
    void a_read_times_out_and_the_socket_lives_on() throws IOException {
        DialListener listener = dialling(QUICK);
        Socket far = dialled();
        Socket near = listener.accept();
        near.setSoTimeout(20);
        assertThatThrownBy(() -> near.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        near.setSoTimeout(10_000);
        say(far, "x");
        assertThat(hear(near, 1)).isEqualTo("x");
    }
}
