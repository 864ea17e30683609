package dev.culvert.examples.backstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.culvert.api.Node;
import dev.culvert.netty.HttpService;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The walkthrough of backstream. Unmodified programs in Go are called in the module {@code it}. */
@Timeout(60)
final class BackstreamTest {
    private final HttpClient http = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @TempDir
    Path state;

    private CentralService central;
    private Node service;

    @BeforeEach
    void start() throws IOException {
        central = new CentralService(state, "secret", InstantSource.system());
        service = Node.builder().name("edge7").join(central.invite()).start();
    }

    @AfterEach
    void stop() {
        service.close();
        central.close();
        threads.shutdownNow();
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + central.port() + path))
                .timeout(Duration.ofSeconds(30));
    }

    private String ask(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
        return answer.statusCode() + " " + answer.body();
    }

    @Test
    void a_function_behind_nat_is_called_by_its_id_with_a_deadline() throws Exception {
        try (HttpService function = HttpFromBehind.serve(service, "4711", threads)) {
            assertThat(function).isNotNull();
            await().untilAsserted(() -> assertThat(ask(to("/test")
                            .header("x-backstream-client-id", "4711")
                            .header("x-backstream-request-timeout", "12s")
                            .POST(BodyPublishers.ofString("Ada"))))
                    .isEqualTo("200 Hello Ada"));
            assertThat(ask(to("/bug").header("x-backstream-client-id", "4711"))).startsWith("500");
            assertThat(ask(to("/test")
                            .header("x-backstream-client-id", "4711")
                            .header("x-backstream-request-timeout", "0")))
                    .isEqualTo("200 Hello ");
            assertThat(ask(to("/test").header("x-backstream-client-id", "4712")))
                    .startsWith("404");
        }
    }

    @Test
    void a_program_built_on_backstream_is_called_as_it_is_and_without_an_id() throws Exception {
        WebSocket program = http.newWebSocketBuilder()
                .header("x-backstream-client-id", "")
                .buildAsync(
                        URI.create("ws://127.0.0.1:" + central.port() + "/ws?credential=secret&codec=json&public=true"),
                        new Teapot())
                .join();
        assertThat(ask(to("/brew"))).isEqualTo("418 short and stout");
        program.abort();
    }

    /** Answers everything in the same way, in JSON. */
    private static final class Teapot implements WebSocket.Listener {
        private final StringBuilder message = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            message.append(data);
            socket.request(1);
            if (last) {
                String id = message.toString().replaceFirst(".*\"id\":\"([^\"]*)\".*", "$1");
                String answer = "{\"statusCode\":418,\"body\":\"" + base64("short and stout") + "\"}";
                socket.sendText(
                        "{\"id\":\"" + id + "\",\"type\":\"RESPONSE\",\"data\":\"" + base64(answer) + "\"}", true);
                message.setLength(0);
            }
            return null;
        }

        private static String base64(String text) {
            return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void either_side_asks_and_tells_the_other() throws Exception {
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        try (Node other = Node.builder().name("edge8").join(central.invite()).start()) {
            for (Node node : List.of(service, other)) {
                node.awaitLink(Duration.ofSeconds(30));
                BothWays.listen(node, "ears-" + node.name(), told::add);
            }
            assertThat(BothWays.ask(service, "ears-edge8", "one")).isEqualTo("edge8 heard one");
            assertThat(BothWays.ask(other, "ears-edge7", "two")).isEqualTo("edge7 heard two");
            BothWays.tell(other, "ears-edge7", "three");
            assertThat(List.of(
                            told.poll(20, TimeUnit.SECONDS),
                            told.poll(20, TimeUnit.SECONDS),
                            told.poll(20, TimeUnit.SECONDS)))
                    .containsExactly("one", "two", "three");
        }
    }
}
