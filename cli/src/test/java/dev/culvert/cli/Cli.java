package dev.culvert.cli;

import dev.culvert.policy.Grant;
import dev.culvert.policy.NamePatterns;
import dev.culvert.policy.PortRange;
import dev.culvert.policy.Scope;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs commands as a process would, with everything around it in the test's hands. Belongs to one test. */
final class Cli {
    static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    final Map<String, String> env = new HashMap<>();
    final FakeNode node = new FakeNode();
    final FakeInterrupts interrupts = new FakeInterrupts();
    InputStream in = InputStream.nullInputStream();
    boolean terminal;
    Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);

    Cli(Path home) {
        env.put("CULVERT_HOME", home.toString());
    }

    /** With a join string in the environment. */
    static Cli joined(Path home) throws Failure {
        Cli cli = new Cli(home);
        cli.env.put("CULVERT_JOIN", cli.join());
        return cli;
    }

    /** The node becomes ready, then Ctrl+C is typed. */
    void becomesReady() {
        node.life = listener -> {
            listener.onReady();
            interrupts.interrupt();
        };
    }

    /** How a command ended. */
    record Result(int exitCode, String out, String err) {}

    Result run(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode = new CommandTree(surroundings(out, err)).run(args);
        return new Result(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    Surroundings surroundings(ByteArrayOutputStream out, ByteArrayOutputStream err) {
        return new Surroundings(
                env,
                in,
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                terminal,
                clock,
                interrupts,
                node);
    }

    Surroundings surroundings() {
        return surroundings(new ByteArrayOutputStream(), new ByteArrayOutputStream());
    }

    void type(String text) {
        in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A join string that a relay in this state directory would take. */
    String join() throws Failure {
        Scope scope = new Scope("default", NamePatterns.ALL, NamePatterns.ALL, PortRange.NONE, false);
        Grant grant = new Grant(scope, clock.millis() + 1000, Long.MAX_VALUE, 1);
        RelayState relay = RelayState.open(surroundings(), List.of());
        return new InviteMaker(relay, List.of("relay.example:7443"))
                .make(grant, "")
                .text();
    }
}
