package dev.culvert.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs short programs to their end, as the test itself. Any thread. */
final class Shell {
    private static final long LIMIT_SECONDS = 60;

    private Shell() {}

    /** What a program left behind; {@code out} and {@code err} are UTF-8. */
    record Result(List<String> command, int exitCode, String out, String err) {
        /** @throws AssertionError with everything it printed, unless it ended with 0 */
        Result orFail() {
            if (exitCode != 0) {
                throw new AssertionError("%s: exit code %d (expected: 0)%n%s%s"
                        .formatted(String.join(" ", command), exitCode, out, err));
            }
            return this;
        }
    }

    static Result run(List<String> command) {
        return run(command, "");
    }

    /** Hands {@code input} to the program and waits at most a minute for its end; a program that is late is killed. */
    static Result run(List<String> command, String input) {
        try {
            Process process = new ProcessBuilder(command).start();
            CompletableFuture<String> out = CompletableFuture.supplyAsync(
                    () -> readAll(process.getInputStream()), task -> new Thread(task).start());
            CompletableFuture<String> err = CompletableFuture.supplyAsync(
                    () -> readAll(process.getErrorStream()), task -> new Thread(task).start());
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            }
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + ": still running after " + LIMIT_SECONDS + " s");
            }
            return new Result(command, process.exitValue(), out.join(), err.join());
        } catch (IOException e) {
            throw new UncheckedIOException(String.join(" ", command), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + command, e);
        }
    }

    private static String readAll(java.io.InputStream in) {
        try {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
