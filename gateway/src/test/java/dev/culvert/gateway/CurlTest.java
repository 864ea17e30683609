package dev.culvert.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.culvert.node.ExposedService;
import dev.culvert.node.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a person types, against a web server behind an agent. */
final class CurlTest {
    private Site site;
    private HttpServer server;
    private ExecutorService threads;
    private int port;

    @BeforeEach
    void start() throws IOException {
        site = new Site();
        threads = Executors.newCachedThreadPool();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            byte[] answer =
                    (exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body.length).getBytes(UTF_8);
            exchange.sendResponseHeaders(200, body.length > 5 ? 0 : answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        site.edge.expose(ExposedService.of(
                "web", new Target.Tcp("127.0.0.1", server.getAddress().getPort())));
        port = site.gateway();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
        site.close();
    }

    private static String curl(String... arguments) throws Exception {
        return Curl.run(arguments);
    }

    @Test
    void gets_posts_and_uploads_by_host_and_by_header() throws Exception {
        String base = "http://127.0.0.1:" + port;
        assertThat(curl("-H", "culvert-target: web", base + "/a?b=c")).isEqualTo("GET /a?b=c 0");
        assertThat(curl("-H", "Host: edge7.web.localhost", "-d", "hello", base + "/p"))
                .isEqualTo("POST /p 5");
        assertThat(curl("-H", "Host: web.localhost", "-H", "Expect: 100-continue", "-d", "hello", base + "/p"))
                .isEqualTo("POST /p 5");
        assertThat(curl(
                        "-H",
                        "Host: web.localhost",
                        "-H",
                        "Transfer-Encoding: chunked",
                        "-d",
                        "x".repeat(100_000),
                        base))
                .isEqualTo("POST / 100000");
    }

    @Test
    void keeps_its_connection_from_one_request_to_the_next() throws Exception {
        String url = "http://127.0.0.1:" + port + "/";
        String said = curl("-H", "Host: web.localhost", "-w", " %{num_connects}\n", url, url, url);
        assertThat(said).isEqualTo("GET / 0 1\nGET / 0 0\nGET / 0 0\n");
    }

    @Test
    void speaks_http_2_with_prior_knowledge() throws Exception {
        String url = "http://127.0.0.1:" + port + "/";
        String write = " %{http_version} %{num_connects}\n";
        String host = "Host: web.localhost";
        assertThat(curl("--http2-prior-knowledge", "-H", host, "-w", write, url))
                .isEqualTo("GET / 0 2 1\n");
        assertThat(curl("--http2-prior-knowledge", "-H", host, "-w", write, "-d", "x".repeat(100_000), url))
                .isEqualTo("POST / 100000 2 1\n");
        assertThat(curl("--http2", "-H", host, "-w", write, url))
                .as("an upgrade is not taken, and nothing is lost")
                .isEqualTo("GET / 0 1.1 1\n");
    }

    @Test
    void learns_why_it_failed() throws Exception {
        assertThat(curl("-w", " %{http_code}", "-H", "culvert-target: wbe", "http://127.0.0.1:" + port + "/"))
                .contains("\"code\":\"UNKNOWN_SERVICE\"")
                .endsWith(" 404");
    }
}
