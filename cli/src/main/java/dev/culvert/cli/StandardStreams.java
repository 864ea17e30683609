package dev.culvert.cli;

import dev.culvert.api.Stream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Joins standard input and output to a stream, each half for itself. Ends when both halves have ended, or when the service has
 * finished and a person sits at the keyboard, or on the first error. Belongs to the main thread, with one thread for input.
 */
final class StandardStreams {
    private static final int CHUNK = 1 << 16;

    private final Surroundings surroundings;
    private final CountDownLatch inputEnded = new CountDownLatch(1);
    private final AtomicReference<@Nullable IOException> inputFault = new AtomicReference<>();

    StandardStreams(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    void join(Stream stream) throws IOException {
        Thread writer = new Thread(() -> sendInput(stream), "culvert-stdin");
        writer.setDaemon(true);
        writer.start();
        copy(stream.input(), surroundings.out());
        if (!surroundings.terminal()) {
            awaitInput();
        }
        IOException fault = inputFault.get();
        if (fault != null) {
            throw fault;
        }
    }

    private void sendInput(Stream stream) {
        try {
            copy(surroundings.in(), stream.output());
            stream.finish();
        } catch (IOException e) {
            inputFault.set(e);
        } finally {
            inputEnded.countDown();
        }
    }

    private void awaitInput() {
        try {
            inputEnded.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void copy(InputStream from, OutputStream to) throws IOException {
        byte[] chunk = new byte[CHUNK];
        for (int n = from.read(chunk); n >= 0; n = from.read(chunk)) {
            to.write(chunk, 0, n);
            to.flush();
        }
    }
}
