package dev.culvert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** Go's own gRPC in both roles. A test is skipped, with the reason, where the modules of Go are not to be had. */
final class Prog {
    /** Where Maven runs the tests of this module. */
    static final Path SOURCES =
            Path.of(System.getProperty("basedir", ".")).resolve("src/test/prog").toAbsolutePath();

    private Prog() {}

    /** Builds the program; returns its file. gRPC is compiled here, once for each machine. */
    static String buildInto(Path directory) {
        Shell.Result modules = Shell.run(List.of("go", "mod", "download", "-C", SOURCES.toString()));
        if (modules.exitCode() != 0) {
            String reason = "Go's gRPC is not to be had: " + modules.err();
            System.out.println("[skipped] " + reason);
            Assumptions.abort(reason);
        }
        String program = directory.resolve("prog").toString();
        Proc build =
                Proc.start("go build", new ProcessBuilder("go", "build", "-C", SOURCES.toString(), "-o", program, "."));
        assertThat(build.awaitExit(Duration.ofMinutes(5)))
                .as(build.transcript())
                .isZero();
        return program;
    }
}
