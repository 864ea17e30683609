package dev.culvert.cli;

import dev.culvert.api.CulvertException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code culvert demo}: the whole thing in one process, checked at every step. Main thread. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Show it in one process: a relay, an agent, an HTTP service and a caller; the link is cut and recovers.",
            "Takes a few seconds, uses real TLS sockets on loopback and leaves nothing behind."
        })
final class DemoCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common = new CommonOptions();

    private final Surroundings surroundings;

    DemoCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws Failure, IOException {
        Screen screen = common.screen(surroundings);
        long start = System.nanoTime();
        String nonce = nonce();
        Path folder = Files.createTempDirectory("culvert-demo");
        try (DemoNetwork network = new DemoNetwork(surroundings, folder, nonce)) {
            screen.say(Event.of(
                    "demo",
                    " " + screen.strong("Culvert demo") + "   one process, real sockets on loopback, nothing is kept"));
            new Demo(screen, network, nonce).tell();
        } catch (CulvertException e) {
            throw Failure.of("demo", e);
        } finally {
            delete(folder);
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        screen.say(Event.of("done", " Done in " + Units.time(took) + ".   Next: culvert relay, and what it prints")
                .with("millis", took.toMillis()));
        return ExitCode.OK.number();
    }

    private static String nonce() {
        byte[] bytes = new byte[8];
        new SecureRandom().nextBytes(bytes);
        return "nonce-" + HexFormat.of().formatHex(bytes);
    }

    /** With all that is in it. */
    static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
