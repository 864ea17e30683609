package dev.culvert.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.api.Address;
import dev.culvert.api.StreamAcceptor;
import dev.culvert.node.RawHttp;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests that succeed. */
final class GatewayTest {
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    private Site site;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeEach
    void start() throws IOException {
        site = new Site();
    }

    @AfterEach
    void stop() {
        site.close();
    }

    private static String take(BlockingQueue<String> seen) throws InterruptedException {
        String next = seen.poll(Site.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        assertThat(next).as("a request at the service").isNotNull();
        return next;
    }

    @Test
    void a_service_is_reached_by_header_by_host_and_by_path() throws Exception {
        site.answer("web", HELLO);
        int port = site.gateway(
                GatewayOptions.DEFAULT.withRules(GatewayRules.DEFAULT
                        .withDomain("example.test")
                        .withHost("www.example.test", Address.parse("edge7.web"))
                        .withPath("/web", Address.parse("web"))),
                Site.ANYONE);
        for (String head : new String[] {
            "Host: x\r\nculvert-target: web",
            "Host: x\r\nX-Backstream-Client-Id: edge7.web",
            "Host: web.example.test:8080",
            "Host: EDGE7.Web.Example.Test.",
            "Host: www.example.test",
        }) {
            assertThat(RawHttp.ask(port, "GET / HTTP/1.1\r\n" + head + "\r\nConnection: close\r\n\r\n"))
                    .as(head)
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .endsWith("hello");
        }
        assertThat(RawHttp.ask(port, "GET /web/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .endsWith("hello");
        assertThat(RawHttp.ask(port, "GET /website HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 421 ");
    }

    @Test
    void a_service_is_told_who_calls_be_it_an_agents_or_the_relays_own() throws Exception {
        BlockingQueue<String> callers = new LinkedBlockingQueue<>();
        StreamAcceptor service = stream -> {
            callers.add(stream.principal());
            RawHttp.readRequest(stream.input());
            Site.say(stream, HELLO);
        };
        site.serve("far", service);
        site.relay.bind("own", service);
        int port = site.gateway(
                GatewayOptions.DEFAULT,
                (address, credential) -> new Access.Admitted(address, credential == null ? "" : credential));
        for (String name : new String[] {"far", "own"}) {
            String request = "GET / HTTP/1.1\r\nHost: " + name + ".localhost\r\nConnection: close\r\n";
            RawHttp.ask(port, request + "Culvert-Authorization: Bearer token:ci\r\n\r\n");
            assertThat(take(callers)).as(name).isEqualTo("token:ci");
            RawHttp.ask(port, request + "\r\n");
            assertThat(take(callers)).as(name).isEqualTo("anonymous");
        }
    }

    @Test
    void host_path_and_escapes_reach_the_service_byte_for_byte() throws Exception {
        BlockingQueue<String> seen = site.answer("web", HELLO);
        int port = site.gateway();
        String target = "/a%2Fb/%e4%B8%ad//../x;p=1?q=%20+&&=%zz'\"|{}";
        RawHttp.ask(port, "GET " + target + " HTTP/1.1\r\nHOST: Web.LocalHost:1234\r\nConnection: close\r\n\r\n");
        String request = take(seen);
        assertThat(request).startsWith("GET " + target + " HTTP/1.1\r\nHOST: Web.LocalHost:1234\r\n");
    }

    @Test
    void fields_of_the_client_s_connection_and_of_the_gateway_stop_here_and_the_origin_is_told() throws Exception {
        BlockingQueue<String> seen = site.answer("web", HELLO);
        int port = site.gateway();
        RawHttp.ask(
                port,
                "GET / HTTP/1.1\r\nHost: h\r\nculvert-target: web\r\nCulvert-Authorization: Bearer secret\r\n"
                        + "Connection: close, X-Mine, Content-Type\r\nX-Mine: 1\r\nContent-Type: a/b\r\nKeep-Alive: 1\r\n"
                        + "Proxy-Authorization: p\r\nTE: gzip, trailers\r\nX-Forwarded-For: 6.6.6.6\r\n"
                        + "X_Forwarded_Proto: https\r\nForwarded: for=6.6.6.6\r\nculvert_target: other\r\nX-Kept: yes\r\n\r\n");
        String request = take(seen);
        assertThat(request)
                .contains("X-Forwarded-For: 127.0.0.1\r\n")
                .contains("X-Forwarded-Proto: http\r\n", "X-Forwarded-Host: h\r\n")
                .contains("Forwarded: for=127.0.0.1;host=\"h\";proto=http\r\n")
                .containsIgnoringCase("via: 1.1 relay1\r\n")
                .containsIgnoringCase("te: trailers\r\n")
                .containsIgnoringCase("x-request-id: ")
                .contains("X-Kept: yes\r\n", "Content-Type: a/b\r\n")
                .doesNotContain("secret", "X-Mine", "Keep-Alive", "Proxy-Authorization", "6.6.6.6")
                .doesNotContainIgnoringCase("culvert-target", "culvert_target", "x_forwarded");
    }

    @Test
    void a_proxy_that_is_trusted_has_its_word_kept() throws Exception {
        BlockingQueue<String> seen = site.answer("web", HELLO);
        int port = site.gateway(
                GatewayOptions.DEFAULT.withTrusted(TrustedProxies.of(List.of("127.0.0.0/8"))), Site.ANYONE);
        RawHttp.ask(
                port,
                "GET / HTTP/1.1\r\nHost: h\r\nculvert-target: web\r\nConnection: close\r\n"
                        + "X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Proto: https\r\nX_Forwarded_For: 6.6.6.6\r\n"
                        + "client_cert: x\r\n\r\n");
        assertThat(take(seen))
                .as("what has passed the proxy unseen")
                .doesNotContain("6.6.6.6", "client_cert")
                .contains("X-Forwarded-For: 192.0.2.1, 127.0.0.1\r\n")
                .contains("X-Forwarded-Proto: https\r\n");
    }

    @Test
    void one_connection_carries_many_requests_and_the_service_s_connection_is_used_again() throws Exception {
        AtomicInteger connections = new AtomicInteger();
        site.serve("web", stream -> {
            connections.incrementAndGet();
            while (true) {
                String path = RawHttp.readRequest(stream.input()).split(" ", -1)[1];
                Site.say(stream, "HTTP/1.1 200 OK\r\nContent-Length: " + path.length() + "\r\n\r\n" + path);
            }
        });
        int port = site.gateway();
        try (Socket socket = RawHttp.connect(port)) {
            for (int i = 0; i < 20; i++) {
                RawHttp.write(socket, "GET /" + i + " HTTP/1.1\r\nHost: web.localhost\r\n\r\n");
                RawHttp.readHead(socket.getInputStream());
                assertThat(socket.getInputStream().readNBytes(("/" + i).length()))
                        .asString(ISO_8859_1)
                        .isEqualTo("/" + i);
            }
        }
        assertThat(connections).hasValue(1);
    }

    @Test
    void requests_in_a_row_are_answered_in_their_order() throws Exception {
        site.serve("web", stream -> {
            while (true) {
                String path = RawHttp.readRequest(stream.input()).split(" ", -1)[1];
                Site.say(stream, "HTTP/1.1 200 OK\r\nContent-Length: " + path.length() + "\r\n\r\n" + path);
            }
        });
        int port = site.gateway();
        StringBuilder requests = new StringBuilder();
        for (int i = 0; i < 50; i++) {
            requests.append("GET /n")
                    .append(i)
                    .append(" HTTP/1.1\r\nHost: web.localhost\r\n")
                    .append(i == 49 ? "Connection: close\r\n" : "")
                    .append("\r\n");
        }
        String answers = RawHttp.ask(port, requests.toString());
        int from = 0;
        for (int i = 0; i < 50; i++) {
            int at = answers.indexOf("\r\n\r\n/n" + i, from);
            assertThat(at).as("answer %d", i).isGreaterThan(from);
            from = at;
        }
    }

    @Test
    void a_kept_connection_that_the_service_has_ended_costs_a_get_nothing_and_a_post_never_takes_one()
            throws Exception {
        AtomicInteger connections = new AtomicInteger();
        site.serve("web", stream -> {
            connections.incrementAndGet();
            RawHttp.readRequest(stream.input());
            Site.say(stream, HELLO);
            RawHttp.readHead(stream.input()); // takes the next request, and dies of it
            stream.reset(0x100);
        });
        int port = site.gateway();
        assertThat(client.send(Site.request(port, "web", "/1").build(), BodyHandlers.ofString())
                        .body())
                .isEqualTo("hello");
        assertThat(client.send(Site.request(port, "web", "/2").build(), BodyHandlers.ofString())
                        .body())
                .isEqualTo("hello");
        assertThat(connections).hasValue(2);
        HttpResponse<String> post = client.send(
                Site.request(port, "web", "/3")
                        .POST(BodyPublishers.ofString("once"))
                        .build(),
                BodyHandlers.ofString());
        assertThat(post.body()).isEqualTo("hello");
        assertThat(connections).hasValue(3);
    }

    @Test
    void http_1_0_gets_no_chunks_and_no_interim_answers() throws Exception {
        site.serve("web", stream -> {
            RawHttp.readRequest(stream.input());
            Site.say(
                    stream,
                    "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
        });
        String answer = RawHttp.ask(site.gateway(), "GET / HTTP/1.0\r\nculvert-target: web\r\n\r\n");
        assertThat(answer)
                .startsWith("HTTP/1.1 200 OK\r\n")
                .endsWith("\r\n\r\nabcde")
                .doesNotContain("chunked", "103");
    }

    @Test
    void head_204_and_304_have_no_body_and_leave_the_connection_usable() throws Exception {
        site.serve("web", stream -> {
            while (true) {
                String path = RawHttp.readRequest(stream.input()).split(" ", -1)[1];
                String answer = switch (path) {
                    case "/204" -> "HTTP/1.1 204 No Content\r\n\r\n";
                    case "/304" -> "HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\nETag: \"x\"\r\n\r\n";
                    default -> "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n";
                };
                Site.say(stream, answer);
            }
        });
        try (Socket socket = RawHttp.connect(site.gateway())) {
            RawHttp.write(socket, "HEAD /h HTTP/1.1\r\nHost: web.localhost\r\n\r\n");
            assertThat(RawHttp.readHead(socket.getInputStream())).containsIgnoringCase("Content-Length: 7");
            RawHttp.write(socket, "GET /204 HTTP/1.1\r\nHost: web.localhost\r\n\r\n");
            assertThat(RawHttp.readHead(socket.getInputStream())).startsWith("HTTP/1.1 204 No Content\r\n");
            RawHttp.write(socket, "GET /304 HTTP/1.1\r\nHost: web.localhost\r\n\r\n");
            assertThat(RawHttp.readHead(socket.getInputStream())).startsWith("HTTP/1.1 304 ");
        }
    }

    @Test
    void every_request_leaves_one_line_in_the_access_log_without_secrets() throws Exception {
        site.answer("web", HELLO);
        int port = site.gateway();
        client.send(
                Site.request(port, "web", "/path?token=secret")
                        .POST(BodyPublishers.ofString("four"))
                        .build(),
                BodyHandlers.ofString());
        AccessRecord done = site.log.poll(Site.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        assertThat(done.toJson())
                .contains("\"method\":\"POST\"", "\"path\":\"/path\"", "\"service\":\"web\"", "\"status\":200")
                .contains("\"bytesIn\":4", "\"bytesOut\":5", "\"client\":\"127.0.0.1\"")
                .doesNotContain("secret");
    }
}
