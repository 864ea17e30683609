package dev.culvert.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A process that a trial started: read in lines, told in lines, and gone when its standard input ends or at the latest a moment
 * after. Owned by the trial's thread.
 */
final class Child implements AutoCloseable {
    private static final String END = "end of output";
    private static final int GRACE_SECONDS = 3;

    private final String name;
    private final Process process;
    private final Writer input;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    /** @param errors where its standard error is appended */
    Child(String name, List<String> command, Path errors) {
        this.name = name;
        try {
            this.process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
                    .start();
        } catch (IOException e) {
            throw new TrialFailed(name + " does not start: " + e.getMessage());
        }
        this.input = process.outputWriter(StandardCharsets.US_ASCII);
        Thread reader = new Thread(this::read, "lines of " + name);
        reader.setDaemon(true);
        reader.start();
    }

    String name() {
        return name;
    }

    void send(String line) {
        try {
            input.write(line + "\n");
            input.flush();
        } catch (IOException e) {
            throw new TrialFailed(name + " is gone: " + e.getMessage());
        }
    }

    /** The next line; a process that ends or says nothing for so long fails the trial. */
    Line next(long limitSeconds) {
        return Line.parse(nextText(limitSeconds));
    }

    String nextText(long limitSeconds) {
        try {
            String line = lines.poll(limitSeconds, TimeUnit.SECONDS);
            if (line == null) {
                throw new TrialFailed(name + " said nothing for " + limitSeconds + " s");
            }
            if (line.equals(END)) {
                throw new TrialFailed(name + " ended with status " + process.waitFor());
            }
            return line;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TrialFailed(name + ": interrupted");
        }
    }

    /** The next line, which must begin with {@code word}. */
    Line expect(String word, long limitSeconds) {
        Line line = next(limitSeconds);
        if (!line.word().equals(word)) {
            throw new TrialFailed(name + " said '" + line.word() + "' (expected: " + word + ")");
        }
        return line;
    }

    /** Waits for the end of a process that has said its result. */
    void awaitSuccess() {
        try {
            if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
                throw new TrialFailed(name + " does not end after its result");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TrialFailed(name + ": interrupted");
        }
        if (process.exitValue() != 0) {
            throw new TrialFailed(name + " ended with status " + process.exitValue());
        }
    }

    @Override
    public void close() {
        try {
            input.close();
            if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private void read() {
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lines.add(END);
        }
    }
}
