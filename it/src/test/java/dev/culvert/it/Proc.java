package dev.culvert.it;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.core.ConditionTimeoutException;

/**
 * One program running as a separate process, with every line it has printed. Any thread. Closing ends it, politely first; it is
 * only ever addressed by its own process id.
 */
final class Proc implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long POLITE_SECONDS = 5;

    private final String title;
    private final Process process;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final List<Thread> readers = new ArrayList<>();

    private Proc(String title, Process process) {
        this.title = title;
        this.process = process;
        readers.add(collect(process.getInputStream(), ""));
        readers.add(collect(process.getErrorStream(), "! "));
    }

    /** Starts what {@code builder} describes; {@code title} is how failures call it. */
    static Proc start(String title, ProcessBuilder builder) {
        try {
            return new Proc(title, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(title, e);
        }
    }

    /** Waits a minute for a line that contains a match of {@code regex}, printed before or after this call. */
    Matcher awaitLine(String regex) {
        return awaitLine(regex, PATIENCE);
    }

    Matcher awaitLine(String regex, Duration atMost) {
        return awaitLineAfter(0, regex, atMost);
    }

    /** As {@link #awaitLine}, but only among what was printed after {@link #mark()} returned {@code mark}. */
    Matcher awaitLineAfter(int mark, String regex, Duration atMost) {
        Pattern pattern = Pattern.compile(regex);
        try {
            await().atMost(atMost)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> find(mark, pattern).isPresent() || !process.isAlive());
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("no line matches " + regex + " within " + atMost + transcript(), e);
        }
        joinReadersIfDead();
        return find(mark, pattern)
                .orElseThrow(() -> new AssertionError(
                        "ended with " + process.exitValue() + " before a line matched " + regex + transcript()));
    }

    /** A place in the output: the number of lines printed so far. */
    int mark() {
        return lines.size();
    }

    boolean printed(String regex) {
        return find(0, Pattern.compile(regex)).isPresent();
    }

    /** The exit code; fails if the program runs on after {@code atMost}. */
    int awaitExit(Duration atMost) {
        try {
            if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("still running after " + atMost + transcript());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + title, e);
        }
        joinReadersIfDead();
        return process.exitValue();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** Writes a line to the program's standard input. */
    void type(String line) {
        try {
            OutputStream stdin = process.getOutputStream();
            stdin.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            stdin.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(title, e);
        }
    }

    /** {@code kill -9}: nothing of the program runs after this. */
    void kill() {
        process.destroyForcibly();
        awaitExit(PATIENCE);
    }

    /** Sends a signal by name, such as {@code TERM} or {@code INT}. */
    void signal(String name) {
        Shell.run(List.of("kill", "-" + name, Long.toString(process.pid()))).orFail();
    }

    /** All lines, those of standard error marked by {@code "! "}. */
    String output() {
        return String.join(System.lineSeparator(), lines);
    }

    /** For failure messages: the title and all lines. */
    String transcript() {
        return "%n--- %s (pid %d, %s)%n%s%n---"
                .formatted(title, process.pid(), process.isAlive() ? "running" : "ended", output());
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(POLITE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        joinReadersIfDead();
    }

    private Optional<Matcher> find(int from, Pattern pattern) {
        return lines.stream()
                .skip(from)
                .map(pattern::matcher)
                .filter(Matcher::find)
                .findFirst();
    }

    private Thread collect(InputStream in, String mark) {
        Thread reader = new Thread(() -> readLines(in, mark), title);
        reader.setDaemon(true);
        reader.start();
        return reader;
    }

    private void readLines(InputStream in, String mark) {
        try (var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            reader.lines().forEach(line -> lines.add(mark + line));
        } catch (IOException | UncheckedIOException e) {
            lines.add("! (output ended: " + e.getMessage() + ")");
        }
    }

    /** So that the last words of an ended program are seen; a child that keeps the pipe open is not waited for. */
    private void joinReadersIfDead() {
        if (process.isAlive()) {
            return;
        }
        try {
            for (Thread reader : readers) {
                reader.join(1_000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
