package dev.culvert.examples.operator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.culvert.api.Node;
import dev.culvert.api.Stream;
import dev.culvert.api.net.NamedAddress;
import dev.culvert.examples.RelayInProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The walkthrough of Operator, with a relay at the reachable side. */
@Timeout(120)
final class OperatorTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path state;

    private RelayInProcess relay;
    private HttpServer app;
    private Node caller;

    @BeforeEach
    void start() throws IOException {
        relay = new RelayInProcess(state.resolve("relay"), InstantSource.system());
        caller = Node.join(relay.invite());
        app = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        app.createContext("/foo", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(200, 3);
                exchange.getResponseBody().write("bar".getBytes(UTF_8));
            }
        });
        app.start();
    }

    @AfterEach
    void close() {
        app.stop(0);
        caller.close();
        relay.close();
    }

    private String get(String url) throws IOException {
        return get(caller, url);
    }

    private static String get(Node node, String url) throws IOException {
        OkHttpClient client = new OkHttpClient.Builder()
                .socketFactory(node.socketFactory())
                .dns(host -> List.of(NamedAddress.of(host)))
                .build();
        try (Response response =
                client.newCall(new Request.Builder().url(url).build()).execute()) {
            return response.body().string();
        } finally {
            client.dispatcher().executorService().shutdown();
            client.connectionPool().evictAll();
        }
    }

    @Test
    void a_service_of_an_unreachable_machine_is_asked_by_machine_and_name() throws IOException {
        try (Node machine = UnreachableMachine.start("unreachable1", List.of(relay.invite()))) {
            machine.awaitLink(PATIENCE);
            UnreachableMachine.offer(
                    machine, "my-service", "127.0.0.1:" + app.getAddress().getPort());

            assertThat(get("http://unreachable1.my-service/foo")).isEqualTo("bar");
            assertThatThrownBy(() -> get("http://unreachable1.other/foo")).isInstanceOf(UnknownHostException.class);
        }
    }

    @Test
    void a_node_that_only_dials_is_told_which_relay_serves_which_machine() throws IOException {
        Map<String, String> joins = new ConcurrentHashMap<>();
        try (Node node = MachinesByRelay.start(joins);
                Node machine = UnreachableMachine.start("unreachable1", List.of(relay.invite()))) {
            assertThatThrownBy(() -> get(node, "http://unreachable1.my-service/foo"))
                    .isInstanceOf(UnknownHostException.class);
            machine.awaitLink(PATIENCE);
            UnreachableMachine.offer(
                    machine, "my-service", "127.0.0.1:" + app.getAddress().getPort());

            joins.put("unreachable1", relay.invite());

            assertThat(get(node, "http://unreachable1.my-service/foo")).isEqualTo("bar");
            assertThat(node.sessions()).hasSize(1);
        }
    }

    @Test
    void what_the_relay_offers_is_dialled_over_the_same_link() throws IOException {
        try (Node machine = UnreachableMachine.start("unreachable1", List.of(relay.invite()))) {
            machine.awaitLink(PATIENCE);
            try (Stream time = machine.dial("relay.time")) {
                assertThat(Instant.parse(new String(time.input().readAllBytes(), UTF_8)))
                        .isNotNull();
            }
        }
    }

    @Test
    void a_program_registers_its_port_at_the_agent_beside_it() throws Exception {
        Path home = Files.createDirectories(state.resolve("home"));
        Process agent = agent(home);
        try {
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(RegisterBeside.register(
                                    home, "my-service", app.getAddress().getPort()))
                            .contains("\"node\":\"unreachable1\""));
            // the agent's link may come up after that
            await().atMost(PATIENCE)
                    .ignoreExceptionsInstanceOf(UnknownHostException.class)
                    .untilAsserted(() -> assertThat(get("http://unreachable1.my-service/foo"))
                            .isEqualTo("bar"));

            RegisterBeside.unregister(home, "my-service");

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThatThrownBy(() -> get("http://unreachable1.my-service/foo"))
                            .isInstanceOf(UnknownHostException.class));
        } finally {
            agent.destroy();
        }
    }

    /** {@code culvert agent}, in a process of its own. */
    private Process agent(Path home) throws IOException {
        ProcessBuilder agent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.culvert.cli.Main",
                        "agent",
                        "--name",
                        "unreachable1")
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("log").toFile());
        agent.environment().put("CULVERT_HOME", home.toString());
        agent.environment().put("CULVERT_JOIN", relay.invite());
        return agent.start();
    }
}
