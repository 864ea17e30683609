package dev.culvert.it;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * One machine of the lab: a network namespace, a home directory that outlives its programs, and the programs started on it. Any
 * thread. Commands are shell text, written as a user would type them, with {@code culvert} on the path.
 */
final class Host implements AutoCloseable {
    private static final Duration SHORT = Duration.ofSeconds(60);

    private final NetNs namespace;
    private final String address;
    private final String address6;
    private final Path home;
    private final Path bin;
    private final Map<String, String> environment = new ConcurrentHashMap<>();
    private final List<Proc> procs = new CopyOnWriteArrayList<>();

    /** @param address the IPv4 address, {@code address6} the IPv6 address, both within the lab only */
    Host(NetNs namespace, String address, String address6, Path home, Path bin) {
        this.namespace = namespace;
        this.address = address;
        this.address6 = address6;
        this.home = home;
        this.bin = bin;
    }

    NetNs namespace() {
        return namespace;
    }

    String address() {
        return address;
    }

    String address6() {
        return address6;
    }

    /** The working directory of programs here; {@code CULVERT_HOME} is {@code state} in it. */
    Path home() {
        return home;
    }

    /** Sets a variable for the programs that are started after this. */
    Host with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Starts a program that runs on. The shell is replaced by it, so that signals and {@code kill -9} meet the program itself. */
    Proc start(String command) {
        return launch(command, "exec " + command);
    }

    /** Runs shell text, pipes and all, to its end and gives what it printed. */
    Shell.Result run(String command) {
        return run(command, SHORT);
    }

    Shell.Result run(String command, Duration atMost) {
        Path out = scratch(".out");
        Path err = scratch(".err");
        ProcessBuilder builder = builder(command);
        builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        builder.redirectOutput(out.toFile()).redirectError(err.toFile());
        try (Proc proc = Proc.start(command, builder)) {
            int exitCode = proc.awaitExit(atMost);
            return new Shell.Result(List.of(command), exitCode, Files.readString(out), Files.readString(err));
        } catch (IOException e) {
            throw new UncheckedIOException(command, e);
        }
    }

    /** A file with {@code content} in {@link #home}. */
    Path file(String name, byte[] content) {
        try {
            return Files.write(home.resolve(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What every program started here has printed, for the report of a failed test. */
    String transcripts() {
        StringBuilder all = new StringBuilder();
        procs.forEach(proc -> all.append(proc.transcript()));
        return all.toString();
    }

    List<Proc> procs() {
        return List.copyOf(procs);
    }

    /** Ends every program and removes the namespace. */
    @Override
    public void close() {
        procs.forEach(Proc::close);
        namespace.close();
    }

    private Proc launch(String title, String script) {
        Proc proc = Proc.start(namespace.name() + "$ " + title, builder(script));
        procs.add(proc);
        return proc;
    }

    private ProcessBuilder builder(String script) {
        ProcessBuilder builder = new ProcessBuilder(namespace.entering(List.of("sh", "-c", script)));
        builder.directory(home.toFile());
        Map<String, String> env = builder.environment();
        env.keySet().removeIf(name -> name.startsWith("CULVERT_"));
        env.put("PATH", bin + File.pathSeparator + env.getOrDefault("PATH", "/usr/bin:/bin"));
        env.put("HOME", home.toString());
        env.put("CULVERT_HOME", home.resolve("state").toString());
        env.putAll(environment);
        return builder;
    }

    private Path scratch(String suffix) {
        try {
            return Files.createTempFile(home, "run", suffix);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
