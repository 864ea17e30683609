package dev.culvert.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.link.transport.Endpoint;
import dev.culvert.node.CulvertNode;
import dev.culvert.node.ExposedService;
import dev.culvert.node.LinkConfig;
import dev.culvert.node.NodeConfig;
import dev.culvert.node.NodeIdentity;
import dev.culvert.node.NodeListener;
import dev.culvert.node.Target;
import dev.culvert.policy.Grant;
import dev.culvert.policy.IdentityKey;
import dev.culvert.policy.JoinString;
import dev.culvert.policy.NamePatterns;
import dev.culvert.policy.PortRange;
import dev.culvert.policy.Scope;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong with a real relay on real sockets: one line, the right exit code, the next command. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class RealErrorsTest {
    @TempDir
    Path home;

    private RelayState state;
    private RelayDoor door;
    private RunningNode relay;

    /** How a command ended. */
    private record Result(int exitCode, String out, String err) {}

    @BeforeEach
    void startRelay() throws Failure, IOException {
        Surroundings surroundings = surroundings(OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
        state = RelayState.open(home.resolve("relay"), Clock.systemUTC(), List.of());
        ListenOptions options = new ListenOptions();
        options.listen.add("127.0.0.1:0");
        door = RelayDoor.open(surroundings, state, options, options.endpoints());
        NodeIdentity who = new NodeIdentity(state.identity(), "relay1", "default");
        relay = surroundings.engine().start(NodeConfig.of(who).withListen(door.config()), NodeListener.NONE);
        door.guard(relay);
    }

    @AfterEach
    void stopRelay() {
        relay.close();
        door.close();
    }

    private Surroundings surroundings(OutputStream out, OutputStream err) {
        return new Surroundings(
                Map.of("CULVERT_HOME", home.resolve("other").toString()),
                InputStream.nullInputStream(),
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                Clock.systemUTC(),
                new FakeInterrupts(),
                (config, listener) -> new LiveNode(CulvertNode.start(config, listener)));
    }

    private Result run(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode = new CommandTree(surroundings(out, err)).run(args);
        return new Result(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private int port() {
        return Endpoint.parse(relay.listening().get(0)) instanceof Endpoint.Tls tls ? tls.port() : 0;
    }

    private Grant grant(NamePatterns register, NamePatterns dial, Duration joinWithin) {
        Scope scope = new Scope("default", register, dial, PortRange.NONE, false);
        return new Grant(scope, System.currentTimeMillis() + joinWithin.toMillis(), Long.MAX_VALUE, 5);
    }

    private String join(Grant grant) throws Failure {
        return new InviteMaker(state, List.of("127.0.0.1:" + port()))
                .make(grant, "")
                .text();
    }

    private String join() throws Failure {
        return join(grant(NamePatterns.ALL, NamePatterns.ALL, Duration.ofHours(1)));
    }

    /** Another machine that offers web, whatever is behind it, registered when this returns. */
    private RunningNode otherMachine(int targetPort) throws Exception {
        CompletableFuture<Void> ready = new CompletableFuture<>();
        NodeListener listener = new NodeListener() {
            @Override
            public void onServiceRegistered(String relay, String service, int publicPort) {
                ready.complete(null);
            }
        };
        NodeConfig config = NodeConfig.of(new NodeIdentity(IdentityKey.generate(), "edge9", ""))
                .withLink(LinkConfig.of(JoinString.parse(join())))
                .withService(ExposedService.of("web", new Target.Tcp("127.0.0.1", targetPort)));
        RunningNode node = new LiveNode(CulvertNode.start(config, listener));
        ready.get(30, TimeUnit.SECONDS);
        return node;
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private static void expect(Result result, int exitCode, String... words) {
        assertThat(result.err()).startsWith("culvert: ").contains(words).hasLineCount(1);
        assertThat(result.exitCode()).as("%s", result.err()).isEqualTo(exitCode);
    }

    @Test
    void an_unknown_name() throws Failure {
        expect(run("dial", "nothing", "--join", join()), 5, "dial nothing", "UNKNOWN_SERVICE", "relay1", "culvert ");
    }

    @Test
    void a_target_that_is_down() throws Exception {
        try (RunningNode other = otherMachine(freePort())) {
            assertThat(other.node().name()).isEqualTo("edge9");
            expect(run("dial", "web", "--join", join()), 3, "dial web", "TARGET_REFUSED", "edge9");
        }
    }

    @Test
    void a_name_that_is_taken() throws Exception {
        try (RunningNode other = otherMachine(freePort())) {
            assertThat(other.node().name()).isEqualTo("edge9");
            expect(run("expose", "web", "8080", "--name", "edge7", "--join", join()), 4, "web", "NAME_TAKEN", "edge9");
        }
    }

    @Test
    void a_name_outside_the_scope() throws Failure {
        String noDial = join(grant(NamePatterns.ALL, NamePatterns.NONE, Duration.ofHours(1)));
        expect(run("dial", "web", "--join", noDial), 4, "dial web", "DENIED", "culvert ");
    }

    @Test
    void an_expired_join_string() throws Failure {
        String expired = join(grant(NamePatterns.ALL, NamePatterns.ALL, Duration.ofHours(-1)));
        expect(run("dial", "web", "--join", expired), 4, "EXPIRED", "culvert invite");
        expect(run("expose", "web", "8080", "--join", expired), 4, "EXPIRED", "culvert invite");
    }

    @Test
    void a_join_string_of_another_issuer() throws Failure {
        RelayState stranger = RelayState.open(home.resolve("stranger"), Clock.systemUTC(), List.of());
        JoinString theirs = JoinString.parse(new InviteMaker(stranger, List.of("127.0.0.1:1"))
                .make(grant(NamePatterns.ALL, NamePatterns.ALL, Duration.ofHours(1)), "")
                .text());
        String forged = new JoinString(JoinString.parse(join()).relays(), theirs.token()).text();
        expect(run("dial", "web", "--join", forged), 4, "UNAUTHENTICATED");
    }

    @Test
    void a_relay_with_another_key_than_the_pinned_one() throws Failure {
        JoinString right = JoinString.parse(join());
        JoinString.Relay wrong =
                new JoinString.Relay("127.0.0.1", port(), IdentityKey.generate().publicKey());
        String text = new JoinString(List.of(wrong), right.token()).text();
        expect(run("dial", "web", "--timeout", "20s", "--join", text), 4, "127.0.0.1:" + port(), "key");
    }

    @Test
    void a_relay_that_is_not_there() throws IOException, Failure {
        JoinString right = JoinString.parse(join());
        JoinString.Relay nowhere =
                new JoinString.Relay("127.0.0.1", freePort(), state.identity().publicKey());
        String text = new JoinString(List.of(nowhere), right.token()).text();
        expect(run("dial", "web", "--timeout", "1s", "--join", text), 6, "dial web");
    }

    @Test
    void a_port_in_use() throws IOException, Failure {
        expect(run("relay", "--listen", "127.0.0.1:" + port()), 2, "127.0.0.1:" + port(), "in use");
        try (ServerSocket used = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(used.getLocalPort());
            expect(run("forward", "web", port, "--join", join()), 2, port, "in use");
        }
    }

    @Test
    void a_web_browser_at_the_link_port_is_told_what_it_is() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(answer).startsWith("HTTP/1.1 4").containsIgnoringCase("culvert");
        }
    }

    @Test
    void a_name_by_which_a_target_is_reached_gives_its_first_bytes() throws Exception {
        try (ServerSocket target = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
                RunningNode other = otherMachine(target.getLocalPort())) {
            assertThat(other.node().name()).isEqualTo("edge9");
            new Thread(() -> greet(target), "greeter").start();
            Result result = run("dial", "edge9.web", "--join", join());
            assertThat(result.err()).isEmpty();
            assertThat(result.exitCode()).isZero();
            assertThat(result.out()).isEqualTo("220 hello\n");
        }
    }

    /** All who come, since the first is a probe, until the target is closed. */
    private static void greet(ServerSocket target) {
        while (!target.isClosed()) {
            try (Socket caller = target.accept()) {
                caller.getOutputStream().write("220 hello\n".getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                continue; // a probe that has gone, or the end of the test
            }
        }
    }
}
