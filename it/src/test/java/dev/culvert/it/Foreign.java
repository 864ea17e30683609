package dev.culvert.it;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The node in Go, which was written from docs/protocol.md and shares no code with ours. As an extension it lets its tests run only
 * where there is a Go toolchain.
 */
final class Foreign implements ExecutionCondition {
    /** Where Maven runs the tests of this module. */
    private static final Path SOURCES =
            Path.of(System.getProperty("basedir", ".")).resolve("src/test/go").toAbsolutePath();

    /** Builds the program; returns its file. */
    static Path buildInto(Path directory) {
        Path program = directory.resolve("foreign");
        Shell.run(List.of("go", "build", "-C", SOURCES.toString(), "-o", program.toString(), "."))
                .orFail();
        return program;
    }

    /** Fails unless the sources are formatted and pass vet. */
    static void check() {
        String unformatted =
                Shell.run(List.of("gofmt", "-l", SOURCES.toString())).orFail().out();
        if (!unformatted.isEmpty()) {
            throw new AssertionError("not formatted (run: gofmt -w it/src/test/go): " + unformatted);
        }
        Shell.run(List.of("go", "vet", "-C", SOURCES.toString(), "./...")).orFail();
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        boolean go = Shell.run(List.of("sh", "-c", "command -v go")).exitCode() == 0;
        return go
                ? ConditionEvaluationResult.enabled("go is installed")
                : Requirement.unmet("program go is missing (expected: a Go toolchain, 1.24 or later)");
    }
}
