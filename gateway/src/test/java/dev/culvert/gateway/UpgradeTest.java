package dev.culvert.gateway;

import static dev.culvert.gateway.Site.say;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.node.RawHttp;
import java.io.IOException;
import java.net.Socket;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that ask for another protocol, and services and clients that are wrong about it. */
final class UpgradeTest {
    private static final String UPGRADE = "Connection: Upgrade\r\nUpgrade: ";
    private static final String AFTER = "GET /after HTTP/1.1\r\nHost: web.localhost\r\n\r\n";

    private Site site;
    private int port;

    @BeforeEach
    void start() throws IOException {
        site = new Site();
        port = site.gateway();
    }

    @AfterEach
    void stop() {
        site.close();
    }

    /** Behind a tunnel of HTTP/2 a client could send the service requests that nobody has judged, with any header. */
    @ParameterizedTest
    @ValueSource(strings = {"h2c", "x, h2c", "websocket , H2C", "h2c, x"})
    void no_list_of_protocols_asks_a_service_for_http_2(String protocols) throws Exception {
        BlockingQueue<String> seen = site.answer("web", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        String answer = RawHttp.ask(
                port,
                "GET / HTTP/1.1\r\nHost: web.localhost\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: "
                        + protocols + "\r\nHTTP2-Settings: AAMAAABk\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 200 ");
        assertThat(seen.take().toLowerCase(Locale.ROOT)).doesNotContain("upgrade", "h2c", "settings");
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2c", "websocket, h2c", "other"})
    void a_service_that_switches_to_what_nobody_asked_for_is_a_502(String given) throws Exception {
        site.answer("web", "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: " + given + "\r\n\r\n");
        String answer = RawHttp.ask(
                port, "GET / HTTP/1.1\r\nHost: web.localhost\r\n" + UPGRADE + "websocket\r\n\r\nPRI * HTTP/2.0");
        assertThat(answer).startsWith("HTTP/1.1 502 ").contains("101");
    }

    @Test
    void what_a_service_says_at_once_passes_though_it_proves_no_key() throws Exception {
        site.answer(
                "web", "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\nat once");
        String answer = RawHttp.ask(port, "GET / HTTP/1.1\r\nHost: web.localhost\r\n" + UPGRADE + "websocket\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 101 ").endsWith("\r\n\r\nat once");
    }

    /** What follows it is not HTTP, so there is nothing to keep the connection for. */
    @Test
    void a_request_to_upgrade_that_is_refused_here_ends_the_connection() throws Exception {
        String answer = RawHttp.ask(
                port,
                "GET / HTTP/1.1\r\nHost: web.localhost\r\nculvert-target: $x\r\n" + UPGRADE + "x\r\n\r\n" + AFTER);
        assertThat(answer).startsWith("HTTP/1.1 400 ").containsIgnoringCase("connection: close");
        assertThat(answer).as("no second answer").doesNotContain("}\nHTTP/1.1 ");
    }

    @Test
    void bytes_ahead_of_the_answer_wait_at_the_client() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        BlockingQueue<Integer> first = new LinkedBlockingQueue<>();
        site.serve("web", stream -> {
            RawHttp.readHead(stream.input());
            release.await();
            say(stream, "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n");
            first.add(stream.input().readNBytes(1 << 20).length);
        });
        try (Socket socket = RawHttp.connect(port)) {
            RawHttp.write(socket, "GET / HTTP/1.1\r\nHost: web.localhost\r\n" + UPGRADE + "x\r\n\r\n");
            Bulk upload = Bulk.upload(socket, 100L << 20);
            upload.awaitStandstill();
            assertThat(upload.sent()).as("bytes on their way").isLessThan(40L << 20);
            release.countDown();
            assertThat(first.poll(20, TimeUnit.SECONDS)).isEqualTo(1 << 20);
        }
    }
}
