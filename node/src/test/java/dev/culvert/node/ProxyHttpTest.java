package dev.culvert.node;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.culvert.api.Stream;
import dev.culvert.api.StreamListener;
import dev.culvert.node.proxy.ProxyOptions;
import dev.culvert.node.proxy.ProxyUsers;
import dev.culvert.policy.NamePatterns;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The HTTP half of a proxy, byte by byte: what the service gets, and what the program gets. */
@Timeout(60)
final class ProxyHttpTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    private ProxyNet world;

    @BeforeEach
    void start() throws IOException {
        world = new ProxyNet();
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void the_service_gets_an_ordinary_request_without_what_was_for_the_proxy() throws IOException {
        world.serve("web", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nKeep-Alive: timeout=5\r\nX-Own: kept\r\n\r\nhello");
        String answer = RawHttp.ask(
                world.proxy(),
                "GET http://edge7.web:8080/a%20b?c=d#e HTTP/1.1\r\nHost: other.example\r\nAccept: */*\r\n"
                        + "Proxy-Connection: keep-alive\r\nProxy-Authorization: Basic eA==\r\nTE: trailers\r\nX-Hop: 1\r\n"
                        + "Connection: close, X-Hop, Host\r\n\r\n");

        assertThat(world.seen)
                .containsExactly(
                        "GET /a%20b?c=d HTTP/1.1\r\nAccept: */*\r\nvia: 1.1 culvert\r\nhost: edge7.web:8080\r\n"
                                + "connection: close\r\n\r\n");
        assertThat(answer)
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("X-Own: kept\r\n", "via: 1.1 culvert\r\n", "connection: close\r\n")
                .doesNotContain("Keep-Alive")
                .endsWith("\r\n\r\nhello");
    }

    @Test
    void one_connection_serves_one_request_after_the_other_to_any_service() throws IOException {
        world.serve("web", OK);
        world.serve("web2", "HTTP/1.1 204 No Content\r\n\r\n");
        try (Socket socket = RawHttp.connect(world.proxy())) {
            // all at once: the second waits for the answer to the first
            RawHttp.write(
                    socket,
                    "GET http://web/1 HTTP/1.1\r\nHost: web\r\n\r\n" + "POST http://web/2 HTTP/1.1\r\nHost: web\r\n"
                            + "Content-Length: 4\r\n\r\nbody" + "HEAD http://web/3 HTTP/1.1\r\nHost: web\r\n\r\n"
                            + "GET http://web2 HTTP/1.1\r\nHost: web2\r\n\r\n"
                            + "GET http://nobody/ HTTP/1.1\r\nHost: nobody\r\n\r\n"
                            + "GET http://web/4 HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n");
            InputStream in = socket.getInputStream();
            for (int i = 0; i < 2; i++) {
                assertThat(RawHttp.readHead(in)).startsWith("HTTP/1.1 200").doesNotContain("close");
                assertThat(in.readNBytes(5)).asString(UTF_8).isEqualTo("hello");
            }
            assertThat(RawHttp.readHead(in)).startsWith("HTTP/1.1 200").contains("Content-Length: 5");
            assertThat(RawHttp.readHead(in)).startsWith("HTTP/1.1 204");
            String refused = RawHttp.readHead(in);
            assertThat(refused).startsWith("HTTP/1.1 404").contains("UNKNOWN_SERVICE");
            int at = refused.indexOf("content-length: ") + 16;
            in.readNBytes(Integer.parseInt(refused.substring(at, refused.indexOf('\r', at))));
            assertThat(new String(in.readAllBytes(), ISO_8859_1))
                    .startsWith("HTTP/1.1 200")
                    .endsWith("hello");
        }
        assertThat(world.seen)
                .extracting(head -> head.substring(0, head.indexOf(" HTTP")))
                .containsExactly("GET /1", "POST /2", "HEAD /3", "GET /", "GET /4");
        assertThat(world.seen.get(1)).endsWith("\r\n\r\nbody");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\nX-Trailer: t\r\n\r\n",
                "HTTP/1.0 200 OK\r\n\r\nhello",
                "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n\r\nhello"
            })
    void a_body_of_unknown_length_comes_in_chunks_or_to_the_end_for_old_programs(String response) throws IOException {
        world.serve("web", response);
        int port = world.proxy();
        String chunked = RawHttp.ask(port, "GET http://web/ HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n");
        assertThat(chunked.substring(chunked.indexOf("HTTP/1.1 200")))
                .contains("transfer-encoding: chunked\r\n")
                .containsPattern("\r\n\r\n[0-9a-f]+\r\nhe(\r\n3\r\n)?llo\r\n0\r\n");
        assertThat(chunked.contains("103")).isEqualTo(response.contains("103"));

        String plain = RawHttp.ask(port, "GET http://web/ HTTP/1.0\r\n\r\n");
        assertThat(plain)
                .startsWith("HTTP/1.1 200")
                .contains("connection: close\r\n")
                .doesNotContain("chunked")
                .endsWith("\r\n\r\nhello");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST http://web/ HTTP/1.1\r\nHost: web\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST http://web/ HTTP/1.1\r\nHost: web\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
                "POST http://web/ HTTP/1.1\r\nHost: web\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
                "POST http://web/ HTTP/1.1\r\nHost: web\r\nContent-Length: +5\r\n\r\nhello",
                "POST http://web/ HTTP/1.1\r\nHost: web\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
                "POST http://web/ HTTP/1.1\r\nHost: web\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
                "POST http://web/ HTTP/1.1\r\nHost: web\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST http://web/ HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST http://web/ HTTP/1.1\r\nHost: web\r\nContent-Length : 5\r\n\r\nhello",
                "GET http://web/ HTTP/1.1\nHost: web\n\n",
                "GET http://user@web/ HTTP/1.1\r\nHost: web\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: web\r\n\r\n",
                "GET https://web/ HTTP/1.1\r\nHost: web\r\n\r\n",
                "GET http://web:0/ HTTP/1.1\r\nHost: web\r\n\r\n",
                "CONNECT web HTTP/1.1\r\nHost: web\r\n\r\n"
            })
    void what_could_be_understood_in_two_ways_goes_nowhere(String request) throws IOException {
        world.serve("web", OK);
        try (Socket socket = RawHttp.connect(world.proxy())) {
            RawHttp.write(socket, request);
            socket.shutdownOutput();
            String answer = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
            assertThat(answer).startsWith("HTTP/1.1 400").contains("culvert: ");
        }
        assertThat(world.seen).isEmpty();
    }

    @Test
    void a_head_too_large_is_refused() throws IOException {
        String answer = RawHttp.ask(
                world.proxy(), "GET http://web/ HTTP/1.1\r\nHost: web\r\nX: " + "x".repeat(20_000) + "\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 431");
        assertThat(RawHttp.ask(world.proxy(), "GET http://web/" + "x".repeat(9_000) + " HTTP/1.1\r\n\r\n"))
                .startsWith("HTTP/1.1 414");
    }

    @Test
    void each_refusal_has_its_status_and_says_who_refused() throws IOException {
        int closed;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = free.getLocalPort();
        }
        world.edge.expose(ExposedService.of("web-down", new Target.Tcp("127.0.0.1", closed)));
        int port = world.proxy();
        assertThat(get(port, "nobody"))
                .startsWith("HTTP/1.1 404")
                .contains("UNKNOWN_SERVICE at relay1", "Proxy-Status");
        assertThat(get(port, "secret")).startsWith("HTTP/1.1 403").contains("DENIED at relay1");
        assertThat(get(port, "192.0.2.1")).startsWith("HTTP/1.1 403").contains("'192.0.2.1'", "expected: service");
        assertThat(get(port, "web-down"))
                .startsWith("HTTP/1.1 502")
                .contains("TARGET_REFUSED at edge7", "Culvert-Error: TARGET_REFUSED");
        CulvertNode lonely = world.net.start(world.net.agent("lonely", "relay9"));
        ProxyOptions options = ProxyOptions.DEFAULT.withTimeouts(
                Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofMillis(200));
        assertThat(get(ProxyNet.proxy(lonely, options), "web"))
                .startsWith("HTTP/1.1 504")
                .contains("DEADLINE");
    }

    @ParameterizedTest
    @CsvSource({"'',502", "HTTP/1.1 nonsense,502", "HTTP/1.1 101 Switching Protocols,502"})
    void a_service_that_does_not_answer_as_it_should_is_a_bad_gateway(String words, int status) throws IOException {
        world.serve("web", words.isEmpty() ? "" : words + "\r\n\r\n");
        assertThat(get(world.proxy(), "web")).startsWith("HTTP/1.1 " + status).contains("culvert: the service");
    }

    @Test
    void a_response_cut_short_ends_with_a_reset_and_never_as_if_it_were_whole() throws IOException {
        world.serve("web", "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello");
        assertThatThrownBy(() -> get(world.proxy(), "web")).isInstanceOf(java.net.SocketException.class);
    }

    @Test
    void a_program_that_goes_takes_its_request_back() throws Exception {
        StreamListener listener = world.edge.bind("web");
        Socket socket = RawHttp.connect(world.proxy());
        RawHttp.write(socket, "GET http://web/ HTTP/1.1\r\nHost: web\r\n\r\n");
        Stream stream = listener.accept();
        assertThat(RawHttp.readHead(stream.input())).startsWith("GET / ");
        socket.setSoLinger(true, 0);
        socket.close();
        assertThatThrownBy(() -> stream.input().read()).hasMessageContaining("CANCELLED");
    }

    @Test
    void megabytes_go_up_in_chunks_and_come_back() throws Exception {
        byte[] bytes = new byte[8 << 20];
        new Random(5).nextBytes(bytes);
        world.edge.bind("bulk", stream -> {
            String head = RawHttp.readHead(stream.input());
            assertThat(head).contains("content-length: " + bytes.length);
            byte[] got = stream.input().readNBytes(bytes.length);
            stream.output().write(("HTTP/1.1 200 OK\r\nContent-Length: " + got.length + "\r\n\r\n").getBytes(UTF_8));
            stream.output().write(got);
        });
        try (Socket socket = RawHttp.connect(world.proxy())) {
            CompletableFuture<Void> writing = CompletableFuture.runAsync(
                    () -> {
                        try {
                            RawHttp.write(
                                    socket,
                                    "POST http://bulk/ HTTP/1.1\r\nHost: bulk\r\ncontent-length: " + bytes.length
                                            + "\r\nConnection: close\r\n\r\n");
                            socket.getOutputStream().write(bytes);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    },
                    Net.THREADS);
            assertThat(RawHttp.readHead(socket.getInputStream())).startsWith("HTTP/1.1 200");
            assertThat(socket.getInputStream().readAllBytes()).isEqualTo(bytes);
            writing.get();
        }
        await().atMost(Net.PATIENCE).until(() -> world.laptop.status().traffic().open() == 0);
    }

    @Test
    void connect_is_a_tunnel_with_both_halves() throws IOException {
        world.edge.bind("echo", stream -> {
            byte[] all = stream.input().readAllBytes();
            stream.output().write(all);
        });
        try (Socket socket = RawHttp.connect(world.proxy())) {
            // bytes right behind the request are for the service, whatever they look like
            RawHttp.write(
                    socket, "CONNECT edge7.echo:443 HTTP/1.1\r\nHost: edge7.echo:443\r\n\r\n\u0016\u0003GET early");
            assertThat(RawHttp.readHead(socket.getInputStream()))
                    .isEqualTo("HTTP/1.1 200 Connection established\r\n\r\n");
            RawHttp.write(socket, " late");
            socket.shutdownOutput();
            assertThat(new String(socket.getInputStream().readAllBytes(), ISO_8859_1))
                    .isEqualTo("\u0016\u0003GET early late");
        }
        assertThat(RawHttp.ask(world.proxy(), "CONNECT nobody:443 HTTP/1.1\r\n\r\nmore"))
                .startsWith("HTTP/1.1 404")
                .contains("connection: close");
    }

    @Test
    void a_password_is_asked_for_where_users_are_named() throws IOException {
        world.serve("web", OK);
        int port = world.proxy(ProxyOptions.DEFAULT.withUsers(ProxyUsers.parse(List.of("anna:secret"))));
        assertThat(get(port, "web")).startsWith("HTTP/1.1 407").contains("Basic realm");
        assertThat(RawHttp.ask(port, "CONNECT web:80 HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 407");
        String login = Base64.getEncoder().encodeToString("anna:secret".getBytes(UTF_8));
        String request = "GET http://web/ HTTP/1.1\r\nHost: web\r\nConnection: close\r\nProxy-Authorization: Basic ";
        assertThat(RawHttp.ask(port, request + login + "\r\n\r\n")).startsWith("HTTP/1.1 200");
        assertThat(RawHttp.ask(port, request + "%%%\r\n\r\n")).startsWith("HTTP/1.1 407");
        assertThat(world.seen).hasSize(1).first().asString().doesNotContain(login);
    }

    @Test
    void an_idle_connection_is_closed_after_its_time() throws IOException {
        world.serve("web", OK);
        int port = world.proxy(ProxyOptions.DEFAULT.withTimeouts(
                Duration.ofSeconds(10), Duration.ofMillis(100), Duration.ofSeconds(10)));
        assertThat(RawHttp.ask(port, "GET http://web/ HTTP/1.1\r\nHost: web\r\n\r\n"))
                .startsWith("HTTP/1.1 200")
                .endsWith("hello");
    }

    @Test
    void a_program_that_ends_its_half_still_gets_its_answer() throws IOException {
        world.serve("web", OK);
        try (Socket socket = RawHttp.connect(world.proxy())) {
            RawHttp.write(socket, "GET http://web/ HTTP/1.1\r\nHost: web\r\n\r\n");
            socket.shutdownOutput();
            assertThat(new String(socket.getInputStream().readAllBytes(), ISO_8859_1))
                    .endsWith("hello");
        }
    }

    @Test
    void a_request_cut_short_never_reaches_its_end_at_the_service() throws Exception {
        StreamListener listener = world.edge.bind("web");
        try (Socket socket = RawHttp.connect(world.proxy())) {
            RawHttp.write(socket, "POST http://web/ HTTP/1.1\r\nHost: web\r\nContent-Length: 50\r\n\r\nhello");
            Stream stream = listener.accept();
            assertThat(RawHttp.readHead(stream.input())).startsWith("POST / ");
            socket.shutdownOutput();
            assertThatThrownBy(() -> stream.input().readAllBytes()).hasMessageContaining("CANCELLED");
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void hosts_outside_are_reached_only_where_a_pattern_permits_it() throws IOException {
        try (ServerSocket outside = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            CompletableFuture<String> served = CompletableFuture.supplyAsync(
                    () -> {
                        try (Socket socket = outside.accept()) {
                            String head = RawHttp.readHead(socket.getInputStream());
                            RawHttp.write(socket, OK);
                            return head;
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    },
                    Net.THREADS);
            String host = "127.0.0.1:" + outside.getLocalPort();
            assertThat(get(world.proxy(), host)).startsWith("HTTP/1.1 403");
            int port = world.proxy(ProxyOptions.DEFAULT.withDirect(new NamePatterns(List.of("127.0.0.1"))));
            assertThat(get(port, host)).startsWith("HTTP/1.1 200").endsWith("hello");
            assertThat(served).succeedsWithin(Net.PATIENCE).asString().contains("host: " + host);
        }
    }

    private static String get(int port, String host) throws IOException {
        return RawHttp.ask(port, "GET http://" + host + "/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    }
}
