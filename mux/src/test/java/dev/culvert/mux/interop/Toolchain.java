package dev.culvert.mux.interop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** Builds a foreign peer with the tool of its language. Any thread. */
final class Toolchain {
    private static final long BUILD_MINUTES = 5;

    private Toolchain() {}

    /** Runs {@code command} in {@code directory}; skips the test if the tool is missing, or fails it where CI is true. */
    static void build(Path directory, List<String> command) throws IOException, InterruptedException {
        String tool = command.get(0);
        if (!available(tool)) {
            String reason = "no " + tool + " on the PATH, so no peer of that language";
            Assertions.assertFalse("true".equals(System.getenv("CI")), reason + " (CI=true forbids to skip)");
            Assumptions.abort(reason);
        }
        Path log = Files.createTempFile("build", ".log");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            if (!process.waitFor(BUILD_MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
            }
            int code = process.waitFor();
            Assertions.assertEquals(0, code, () -> command + " failed:\n" + read(log));
        } finally {
            Files.delete(log);
        }
    }

    private static boolean available(String tool) {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(java.io.File.pathSeparator, -1)) {
            if (Files.isExecutable(Path.of(folder, tool))) {
                return true;
            }
        }
        return false;
    }

    private static String read(Path log) {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            return "(" + unreadable.getMessage() + ")";
        }
    }
}
