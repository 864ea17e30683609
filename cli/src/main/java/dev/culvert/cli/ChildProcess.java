package dev.culvert.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A program that was started to be offered, with its descendants, each known by its own id. Any thread; closed by its owner. */
final class ChildProcess implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ChildProcess.class);
    private static final long POLITE_SECONDS = 5;

    private final String command;
    private final Process process;

    private ChildProcess(String command, Process process) {
        this.command = command;
        this.process = process;
    }

    /**
     * Starts a line of shell. It does not inherit the join string.
     *
     * @param out gets what it prints
     */
    static ChildProcess start(String command, PrintStream out) throws Failure {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", command).redirectErrorStream(true);
        builder.environment().remove("CULVERT_JOIN");
        try {
            ChildProcess child = new ChildProcess(command, builder.start());
            start("culvert-child", () -> child.copy(out));
            return child;
        } catch (IOException e) {
            throw Failure.usage("--run '" + command + "': cannot be started (" + e.getMessage() + ")");
        }
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void copy(PrintStream out) {
        try (InputStream in = process.getInputStream()) {
            in.transferTo(out);
        } catch (IOException e) {
            LOG.debug("output of '{}' ended: {}", command, e.toString());
        }
    }

    /** Runs once it has ended, on a thread of its own: the common pool, where the JDK would say it, may have one thread, and that may be busy. */
    void onExit(Runnable work) {
        start("culvert-child-end", () -> {
            try {
                process.waitFor();
                work.run();
            } catch (InterruptedException e) {
                LOG.debug("nobody waits for '{}' any more", command);
            }
        });
    }

    /** What became of it, for a message; only after its end. */
    String end() {
        return "'" + command + "' has ended with exit code " + process.exitValue();
    }

    /** Asks it and its descendants to end, and ends by force what has not ended five seconds later. */
    @Override
    public void close() {
        List<ProcessHandle> family = process.descendants().toList();
        family.forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            process.waitFor(POLITE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        family.stream().filter(ProcessHandle::isAlive).forEach(ProcessHandle::destroyForcibly);
    }
}
