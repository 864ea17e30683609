package dev.culvert.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.RegistrationException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code culvert expose} with a check, and with an app of its own. */
@Timeout(60)
final class AppGuardTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path home;

    private Cli cli;

    @BeforeEach
    void start() throws Failure {
        cli = new Cli(home);
        cli.env.put("CULVERT_JOIN", cli.join());
    }

    private CompletableFuture<Cli.Result> expose(String... more) {
        String[] args = new String[more.length + 7];
        System.arraycopy(new String[] {"expose", "web", "8080", "--retry", "10ms", "--recheck", "10ms"}, 0, args, 0, 7);
        System.arraycopy(more, 0, args, 7, more.length);
        return CompletableFuture.supplyAsync(() -> cli.run(args), work -> new Thread(work).start());
    }

    private Cli.Result interrupt(CompletableFuture<Cli.Result> running) {
        await().atMost(PATIENCE).until(() -> {
            cli.interrupts.interrupt();
            return running.isDone();
        });
        return running.join();
    }

    @Test
    void a_service_is_published_while_its_health_page_says_well() throws IOException {
        AtomicInteger status = new AtomicInteger(503);
        HttpServer app = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        AtomicInteger asked = new AtomicInteger();
        app.createContext("/health", exchange -> {
            exchange.sendResponseHeaders(status.get(), -1);
            exchange.close();
            asked.incrementAndGet();
        });
        app.start();
        try {
            CompletableFuture<Cli.Result> running =
                    expose("--check", "http://127.0.0.1:" + app.getAddress().getPort() + "/health");
            await().atMost(PATIENCE).until(() -> asked.get() > 3);
            assertThat(cli.node.exposed).isEmpty();
            status.set(200);
            await().atMost(PATIENCE).until(() -> cli.node.exposed.size() == 1);
            status.set(500);
            await().atMost(PATIENCE).until(cli.node.exposed::isEmpty);
            status.set(204);
            await().atMost(PATIENCE).until(() -> cli.node.exposed.size() == 1);
            Cli.Result result = interrupt(running);
            assertThat(result.exitCode()).as(result.err()).isZero();
            assertThat(result.out()).contains("status 503", "status 500", "withdrawn");
        } finally {
            app.stop(0);
        }
    }

    @Test
    void an_app_that_never_becomes_well_is_given_up() throws IOException {
        int closed;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = free.getLocalPort();
        }
        Cli.Result result =
                expose("--check", Integer.toString(closed), "--wait", "100ms").join();
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.err())
                .contains("127.0.0.1:" + closed, "not healthy within", "--wait")
                .hasLineCount(1);
        assertThat(cli.node.exposed).isEmpty();
    }

    @Test
    void the_app_is_started_and_ended_with_all_that_it_started() throws Exception {
        Path pids = home.resolve("pids");
        try (ServerSocket target = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Cli.Result> running = expose(
                    "--check",
                    Integer.toString(target.getLocalPort()),
                    "--run",
                    "echo hello from the app; sleep 600 & echo $$ $! > " + pids + "; wait");
            await().atMost(PATIENCE).until(() -> cli.node.exposed.size() == 1);
            await().atMost(PATIENCE).until(() -> Files.exists(pids) && Files.size(pids) > 3);
            assertThat(interrupt(running).err()).contains("hello from the app");
        }
        for (String pid : Files.readString(pids, StandardCharsets.UTF_8).strip().split(" ", -1)) {
            await().atMost(PATIENCE)
                    .until(() -> ProcessHandle.of(Long.parseLong(pid))
                            .map(process -> !process.isAlive())
                            .orElse(true));
        }
    }

    @Test
    void an_app_that_ends_ends_the_command() {
        Cli.Result result = expose("--run", "exit 7").join();
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.err()).contains("'exit 7'", "exit code 7").hasLineCount(1);
    }

    @Test
    void a_name_that_is_taken_ends_the_command() throws IOException {
        cli.node.exposeFault = new RegistrationException(ErrorCode.DENIED, "relay1", "not in the scope", "");
        try (ServerSocket target = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            Cli.Result result =
                    expose("--check", Integer.toString(target.getLocalPort())).join();
            assertThat(result.exitCode()).isEqualTo(4);
            assertThat(result.err()).contains("DENIED at relay1").hasLineCount(1);
        }
    }

    @Test
    void ready_is_said_only_when_it_is_published() throws IOException {
        cli.node.life = listener -> listener.onReady();
        int closed;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = free.getLocalPort();
        }
        Cli.Result result =
                expose("--check", Integer.toString(closed), "--wait", "200ms").join();
        assertThat(result.out()).contains("linked; published when the check").doesNotContain("READY");
    }

    @Test
    void nonsense_is_misuse() {
        assertThat(expose("--check", "http://").join().err())
                .contains("--check http://", "expected")
                .hasLineCount(1);
        assertThat(expose("--check", "8080", "--wait", "soon").join().err()).contains("--wait", "'soon'");
        assertThat(expose("--check", "8080", "--wait", "0s").join().exitCode()).isEqualTo(2);
        assertThat(cli.run("expose", "a=1", "b=2", "--check", "8080").err())
                .contains("one NAME TARGET")
                .hasLineCount(1);
    }
}
