package dev.culvert.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.node.RawHttp;
import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What two parsers may read in two ways, on both legs: nothing of it goes on. Each message ends in a second request; it must reach nobody.
 * The forms are those of RFC 9112 (11.2) and of the field's advisories, written anew.
 */
final class SmugglingTest {
    private static final String HIDDEN = "GET /hidden HTTP/1.1\r\nHost: web.localhost\r\n\r\n";
    private static Site site;
    private static int port;
    private static final BlockingQueue<String> SEEN = new LinkedBlockingQueue<>();

    @BeforeAll
    static void start() throws IOException {
        site = new Site();
        port = site.gateway();
        site.serve("web", stream -> {
            while (true) {
                SEEN.add(RawHttp.readHead(stream.input()));
                Site.say(stream, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            }
        });
    }

    @AfterAll
    static void stop() {
        site.close();
    }

    static String[] heads() {
        return Stream.concat(Stream.of(framings()), Stream.of(lines())).toArray(String[]::new);
    }

    private static String[] framings() {
        String post = "POST / HTTP/1.1\r\nHost: web.localhost\r\n";
        return new String[] {
            post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            post + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
            post + "Content-Length: 0\r\nContent-Length: 44\r\n\r\n",
            post + "Content-Length: 0\r\nContent-Length: 0\r\n\r\n",
            post + "Content-Length: 0, 44\r\n\r\n",
            post + "Content-Length: +0\r\n\r\n",
            post + "Content-Length: -1\r\n\r\n",
            post + "Content-Length: 0x0\r\n\r\n",
            post + "Content-Length: 99999999999999999999\r\n\r\n",
            post + "Content-Length: \r\n\r\n",
            post + "Content-Length : 0\r\n\r\n",
            post + "Content-Length\t: 0\r\n\r\n",
            post + " Content-Length: 0\r\n\r\n",
            post + "X: 1\r\n Content-Length: 44\r\n\r\n",
            post + "X: 1\r\n\tfolded\r\n\r\n",
            post + "Transfer-Encoding: chunked, x\r\n\r\n0\r\n\r\n",
            post + "Transfer-Encoding: x, chunked\r\n\r\n0\r\n\r\n",
            post + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
            post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n",
            post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
            post + "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n",
            post + "Transfer-Encoding: chunked;x=y\r\n\r\n0\r\n\r\n",
            post + "Transfer-Encoding:\u000bchunked\r\n\r\n0\r\n\r\n",
            post + "Transfer-Encoding: identity\r\n\r\n",
            post + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
            post + "Transfer-Encoding\r\n : chunked\r\n\r\n0\r\n\r\n",
            "POST / HTTP/1.0\r\nHost: web.localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        };
    }

    private static String[] lines() {
        String get = "GET / HTTP/1.1\r\nHost: web.localhost\r\n";
        return new String[] {
            get + "X: a\rb\r\n\r\n",
            get + "X: a\u0000b\r\n\r\n",
            get + "X\u0000: a\r\n\r\n",
            get + "X Y: a\r\n\r\n",
            get + ": a\r\n\r\n",
            get + "no colon\r\n\r\n",
            get + "X: 1\nY: 2\r\n\r\n",
            "GET / HTTP/1.1\nHost: web.localhost\n\n",
            "GET / HTTP/1.1\r\nHost: web.localhost\r\n\n",
            "GET / HTTP/1.1\r\nHost: web.localhost\r\nHost: other.localhost\r\n\r\n",
            "GET / HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: web.localhost, other\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: user@web.localhost\r\n\r\n",
            "GET http://other.localhost/ HTTP/1.1\r\nHost: web.localhost\r\n\r\n",
            "GET  / HTTP/1.1\r\nHost: web.localhost\r\n\r\n",
            "GET /  HTTP/1.1\r\nHost: web.localhost\r\n\r\n",
            "GET /a b HTTP/1.1\r\nHost: web.localhost\r\n\r\n",
            "GET\t/ HTTP/1.1\r\nHost: web.localhost\r\n\r\n",
            "GET /\u000b HTTP/1.1\r\nHost: web.localhost\r\n\r\n",
            "GET / HTTP/1.1 \r\nHost: web.localhost\r\n\r\n",
            "GET /\u00e9 HTTP/1.1\r\nHost: web.localhost\r\n\r\n",
            "GET /#x HTTP/1.1\r\nHost: web.localhost\r\n\r\n",
            "GET x HTTP/1.1\r\nHost: web.localhost\r\n\r\n",
            "GET /\r\nHost: web.localhost\r\n\r\n",
            "G(T / HTTP/1.1\r\nHost: web.localhost\r\n\r\n",
            "GET / FTP/1.1\r\nHost: web.localhost\r\n\r\n",
            "GET / HTTP/1.11\r\nHost: web.localhost\r\n\r\n",
            "PRI * HTTP/2.0\r\nHost: web.localhost\r\n\r\n"
        };
    }

    @ParameterizedTest
    @MethodSource("heads")
    void a_head_that_may_be_read_in_two_ways_is_refused_and_ends_the_connection(String head) throws Exception {
        SEEN.clear();
        String answer = RawHttp.ask(port, head + HIDDEN);
        assertThat(answer).matches("(?s)HTTP/1\\.1 (400|505) .*");
        assertThat(answer).as("no second answer").doesNotContain("}\nHTTP/1.1 ");
        assertThat(SEEN).isEmpty();
    }

    /** Bodies that are wrong: the service has seen the head, and must see the connection break off. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "x\r\n",
                "-1\r\n",
                "+1\r\na\r\n0\r\n\r\n",
                "0x1\r\na\r\n0\r\n\r\n",
                " 1\r\na\r\n0\r\n\r\n",
                "1 \r\na\r\n0\r\n\r\n",
                "\r\n",
                "ffffffffffffffff\r\n",
                "100000001\r\na\r\n0\r\n\r\n",
                "1\r\nab\r\n0\r\n\r\n",
                "1\r\na\n0\r\n\r\n",
                "1\na\r\n0\r\n\r\n",
                "1;x\ny\r\na\r\n0\r\n\r\n",
                "1;x=\"\n\"\r\na\r\n0\r\n\r\n",
                "0\r\nX: 1\r\n folded\r\n\r\n",
                "0\r\nX : 1\r\n\r\n",
                "0\r\nX: 1\n\r\n",
                "0\n\n"
            })
    void chunks_that_may_be_read_in_two_ways_break_off_the_request(String body) throws Exception {
        BlockingQueue<String> rest = new LinkedBlockingQueue<>();
        String name = "sink" + Integer.toHexString(body.hashCode());
        site.serve(name, stream -> {
            try {
                RawHttp.readHead(stream.input());
                rest.add("complete:" + new String(stream.input().readAllBytes(), ISO_8859_1));
            } catch (IOException broken) {
                rest.add("broken");
                throw broken;
            }
        });
        String answer = RawHttp.ask(
                port,
                "POST / HTTP/1.1\r\nHost: " + name + ".localhost\r\nTransfer-Encoding: chunked\r\n\r\n" + body
                        + HIDDEN);
        assertThat(answer).startsWith("HTTP/1.1 400 ").doesNotContain("200 OK");
        assertThat(rest.poll(2, TimeUnit.SECONDS))
                .as("none: the request was given up before it reached the service")
                .isIn("broken", null);
    }

    @Test
    void what_follows_a_refused_upgrade_is_not_read_as_a_request() throws Exception {
        SEEN.clear();
        String answer = RawHttp.ask(
                port, "GET / HTTP/1.1\r\nHost: web.localhost\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n" + HIDDEN);
        assertThat(answer).startsWith("HTTP/1.1 200 ").containsIgnoringCase("connection: close");
        assertThat(SEEN).hasSize(1);
    }

    static String[] answers() {
        String ok = "HTTP/1.1 200 OK\r\n";
        return new String[] {
            ok + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            ok + "Content-Length: 0\r\nContent-Length: 9\r\n\r\n",
            ok + "Content-Length: +1\r\n\r\na",
            ok + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
            ok + "Transfer-Encoding: chunked, x\r\n\r\n0\r\n\r\n",
            "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            ok + "X: a\u0000b\r\n\r\n",
            ok + "Content-Length: 1\nX: 2\r\n\r\na",
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
            "HTTP/1.1 000 OK\r\n\r\n",
            "HTTP/1.1 99 OK\r\n\r\n",
            "HTTP/1.1 1000 OK\r\n\r\n",
            "nonsense\r\n\r\n",
            ""
        };
    }

    @ParameterizedTest
    @MethodSource("answers")
    void an_answer_that_may_be_read_in_two_ways_is_a_502(String answer) throws Exception {
        String name = "bad" + Integer.toHexString(answer.hashCode());
        site.answer(name, answer);
        try (Socket socket = RawHttp.connect(port)) {
            RawHttp.write(socket, "GET / HTTP/1.1\r\nHost: " + name + ".localhost\r\n\r\n");
            assertThat(RawHttp.readHead(socket.getInputStream())).startsWith("HTTP/1.1 502 ");
        }
    }

    /** A second answer that nobody asked for ends the connection to the service, and reaches no later client. */
    @Test
    void an_answer_too_many_reaches_nobody() throws Exception {
        site.serve("two", stream -> {
            String path = RawHttp.readHead(stream.input()).split(" ", -1)[1];
            String first = "HTTP/1.1 200 OK\r\nContent-Length: " + path.length() + "\r\n\r\n" + path;
            Site.say(stream, first + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nstolen");
            RawHttp.readHead(stream.input());
        });
        for (int i = 0; i < 5; i++) {
            String answer =
                    RawHttp.ask(port, "GET /" + i + " HTTP/1.1\r\nHost: two.localhost\r\nConnection: close\r\n\r\n");
            assertThat(answer).endsWith("\r\n\r\n/" + i).doesNotContain("stolen");
        }
    }

    /** The next request of the same client may be on its way before all of the read is looked at. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nstolen",
                "HTTP/1.1 200 OK\r\nX: stolen",
                "HTTP/1.1 1",
                "nonsense\r\n\r\n"
            })
    void what_follows_an_answer_is_no_answer_to_the_next_request_either(String more) throws Exception {
        String name = "more" + Integer.toHexString(more.hashCode());
        site.serve(name, stream -> {
            String path = RawHttp.readHead(stream.input()).split(" ", -1)[1];
            String first = "HTTP/1.1 200 OK\r\nContent-Length: " + path.length() + "\r\n\r\n" + path;
            Site.say(stream, first + more);
            RawHttp.readHead(stream.input());
        });
        String host = " HTTP/1.1\r\nHost: " + name + ".localhost\r\n";
        String answer = RawHttp.ask(
                port, "GET /1" + host + "\r\nGET /2" + host + "\r\nGET /3" + host + "Connection: close\r\n\r\n");
        assertThat(answer.split("\r\n\r\n", -1)).hasSize(4);
        assertThat(answer)
                .contains("\r\n\r\n/1HTTP", "\r\n\r\n/2HTTP")
                .endsWith("\r\n\r\n/3")
                .doesNotContain("stolen");
    }
}
