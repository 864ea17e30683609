package dev.culvert.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.culvert.api.ErrorCode;
import dev.culvert.api.RegistrationException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands beside an agent that runs already, over its local socket. */
@Timeout(60)
final class RegisterCommandTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path home;

    private Cli cli;
    private FakeNode agent;
    private LocalDoor door;

    @BeforeEach
    void start() throws Exception {
        cli = new Cli(home);
        cli.env.put("CULVERT_JOIN", cli.join());
        agent = cli.node;
        cli.node.life = listener -> cli.interrupts.interrupt();
        cli.run("agent", "--name", "edge7");
        door = LocalDoor.open(home.resolve("run"), 11, new LocalDesk(agent, true));
    }

    @AfterEach
    void stop() {
        door.close();
    }

    @Test
    void a_service_is_offered_until_it_is_unregistered() {
        Cli.Result result = cli.run("register", "web", "8080", "--shared", "--public-port", "20022");
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).contains("ok web   edge7.web leads to 127.0.0.1:8080, and so does public port 20022");
        assertThat(agent.exposed).singleElement().satisfies(service -> {
            assertThat(service.service()).isEqualTo("web");
            assertThat(service.shared()).isTrue();
            assertThat(service.publicPort()).isEqualTo(20022);
        });

        assertThat(cli.run("unregister", "web").out()).contains("web is not offered any more");
        assertThat(agent.exposed).isEmpty();
        Cli.Result again = cli.run("unregister", "web");
        assertThat(again.exitCode()).isEqualTo(5);
        assertThat(again.err()).contains("unregister web", "culvert status").hasLineCount(1);
    }

    @Test
    void several_are_registered_at_once_and_paths_are_made_absolute() {
        assertThat(cli.run("register", "web=8080", "log=unix:log.sock", ":7=9007")
                        .exitCode())
                .isZero();
        assertThat(agent.exposed)
                .extracting(service -> service.target().toString())
                .containsExactly("127.0.0.1:8080", "unix:" + Path.of("log.sock").toAbsolutePath(), "127.0.0.1:9007");
        assertThat(agent.exposed).extracting(service -> service.publicPort()).containsOnly(-1);
    }

    @Test
    void a_registration_may_end_with_a_process() throws Exception {
        Process sleeper = new ProcessBuilder("sleep", "600").start();
        assertThat(cli.run("register", "web", "8080", "--while", Long.toString(sleeper.pid()))
                        .exitCode())
                .isZero();
        assertThat(agent.exposed).hasSize(1);
        sleeper.destroy();
        await().atMost(PATIENCE).until(agent.exposed::isEmpty);

        Cli.Result gone = cli.run("register", "web", "8080", "--while", Long.toString(sleeper.pid()));
        assertThat(gone.exitCode()).isEqualTo(2);
        assertThat(gone.err()).contains("process " + sleeper.pid(), "expected").hasLineCount(1);
    }

    @Test
    void a_registration_may_end_with_the_command() throws Exception {
        CompletableFuture<Cli.Result> running =
                CompletableFuture.supplyAsync(() -> cli.run("register", "web=8080", "log=9090", "--stay"));
        await().atMost(PATIENCE).until(() -> agent.exposed.size() == 2);
        await().atMost(PATIENCE).until(() -> {
            cli.interrupts.interrupt();
            return running.isDone();
        });
        assertThat(running.get().exitCode()).isZero();
        await().atMost(PATIENCE).until(agent.exposed::isEmpty);
    }

    @Test
    void a_command_that_stays_is_told_when_the_agent_goes() throws Exception {
        try (SocketChannel caller = SocketChannel.open(UnixDomainSocketAddress.of(home.resolve("run/11.sock")))) {
            caller.write(ByteBuffer.wrap(
                    "{\"what\":\"register\",\"service\":\"web\",\"target\":\"8080\",\"stay\":true}\n".getBytes(UTF_8)));
            assertThat(Channels.newInputStream(caller).read()).isEqualTo('{');
            assertThat(agent.exposed).hasSize(1);
        }
        await().atMost(PATIENCE).until(agent.exposed::isEmpty);
    }

    @Test
    void what_the_relay_refuses_is_told_with_its_exit_code() {
        agent.exposeFault =
                new RegistrationException(ErrorCode.NAME_TAKEN, "relay1", "service 'web' belongs to node 'a'", "");
        Cli.Result result = cli.run("register", "web", "8080");
        assertThat(result.exitCode()).isEqualTo(4);
        assertThat(result.err())
                .contains("register web", "NAME_TAKEN at relay1", "belongs to node")
                .hasLineCount(1);
        assertThat(cli.run("register", "web", "8080", "--json").err()).contains("\"code\":\"NAME_TAKEN\"");
    }

    @Test
    void one_of_several_is_named() throws IOException {
        try (LocalDoor other = LocalDoor.open(home.resolve("run"), 12, new LocalDesk(agent, true));
                LocalDoor caller = LocalDoor.open(home.resolve("run"), 13, new LocalDesk(agent, false))) {
            assertThat(other).isNotSameAs(caller);
            Cli.Result result = cli.run("register", "web", "8080");
            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.err()).contains("several", "edge7", "--node").hasLineCount(1);
        }
        assertThat(cli.run("register", "web", "8080", "--node", "edge8").err())
                .contains("edge8", "culvert agent")
                .hasLineCount(1);
        assertThat(cli.run("register", "web", "8080", "--node", "edge7").exitCode())
                .isZero();
    }

    @Test
    void without_an_agent_it_says_how_to_start_one() {
        door.close();
        Cli.Result result = cli.run("register", "web", "8080");
        assertThat(result.exitCode()).isEqualTo(6);
        assertThat(result.err()).contains("culvert agent").hasLineCount(1);
    }

    @Test
    void nonsense_at_the_socket_is_answered_with_what_is_expected() throws IOException {
        for (String line : new String[] {"", "hello", "{\"what\":\"dance\"}", "{\"wat\":\"status\"}", "[]"}) {
            try (SocketChannel caller = SocketChannel.open(UnixDomainSocketAddress.of(home.resolve("run/11.sock")))) {
                caller.write(ByteBuffer.wrap((line + "\n").getBytes(UTF_8)));
                assertThat(new String(Channels.newInputStream(caller).readAllBytes(), UTF_8))
                        .startsWith("{\"event\":\"error\",\"code\":\"USAGE\"")
                        .contains("expected")
                        .hasLineCount(1);
            }
        }
    }

    @Test
    void the_socket_is_for_its_owner() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("run/11.sock"))))
                .isEqualTo("rw-------");
    }
}
