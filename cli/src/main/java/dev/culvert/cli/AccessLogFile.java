package dev.culvert.cli;

import dev.culvert.gateway.AccessLog;
import dev.culvert.gateway.AccessRecord;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lines of an access log, written by a thread of its own, so that a slow disk delays no request. Any thread. When the disk is behind by
 * {@value #PLACES} lines, further ones are dropped and counted.
 */
final class AccessLogFile implements AccessLog, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AccessLogFile.class);
    private static final int PLACES = 16_384;
    private static final long END_MILLIS = 2_000;

    private final BlockingQueue<Optional<AccessRecord>> waiting = new ArrayBlockingQueue<>(PLACES);
    private final AtomicLong dropped = new AtomicLong();
    private final Thread thread;

    private AccessLogFile(BufferedWriter writer) {
        thread = new Thread(() -> write(writer), "culvert-access-log");
        thread.setDaemon(true);
    }

    /** Appends to the file, which is made if it is not there. */
    static AccessLogFile open(Path file) throws IOException {
        AccessLogFile log = new AccessLogFile(Files.newBufferedWriter(
                file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
        log.thread.start();
        return log;
    }

    @Override
    public void onRequest(AccessRecord done) {
        if (!waiting.offer(Optional.of(done))) {
            dropped.incrementAndGet();
        }
    }

    private void write(BufferedWriter target) {
        try (BufferedWriter writer = target) {
            for (Optional<AccessRecord> next = waiting.take(); next.isPresent(); next = waiting.take()) {
                writer.write(next.get().toJson());
                writer.newLine();
                if (waiting.isEmpty()) {
                    writer.flush();
                }
                tellDropped();
            }
        } catch (IOException e) {
            LOG.error("access log: cannot be written, and is over: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tellDropped() {
        long lines = dropped.getAndSet(0);
        if (lines > 0) {
            LOG.warn("access log: {} lines dropped, since the disk is too slow", lines);
        }
    }

    /** Returns when what was told is written, or after two seconds. */
    @Override
    public void close() {
        boolean told = waiting.offer(Optional.empty());
        try {
            if (told) {
                thread.join(END_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
    }
}
