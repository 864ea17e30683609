package dev.culvert.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import dev.culvert.node.ExposedService;
import dev.culvert.node.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
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

    private String curl(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("curl", "-sS", "--max-time", "20", "--noproxy", "*"));
        command.addAll(List.of(arguments));
        Process curl;
        try {
            curl = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException absent) {
            assumeTrue(false, "curl is not installed: " + absent.getMessage());
            throw absent;
        }
        curl.getOutputStream().close();
        String said = new String(curl.getInputStream().readAllBytes(), UTF_8);
        assertThat(curl.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return said;
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
    void learns_why_it_failed() throws Exception {
        assertThat(curl("-w", " %{http_code}", "-H", "culvert-target: wbe", "http://127.0.0.1:" + port + "/"))
                .contains("\"code\":\"UNKNOWN_SERVICE\"")
                .endsWith(" 404");
    }
}
