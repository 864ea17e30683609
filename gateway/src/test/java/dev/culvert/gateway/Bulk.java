package dev.culvert.gateway;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Bytes for as long as somebody takes them. Any thread. */
final class Bulk {
    private static final byte[] PIECE = new byte[1 << 16];

    private final AtomicLong sent = new AtomicLong();

    /** What a client sends beside the test, until it is all or the test closes the socket. */
    static Bulk upload(Socket socket, long bytes) {
        Bulk bulk = new Bulk();
        Thread thread = new Thread(
                () -> {
                    try {
                        bulk.send(socket.getOutputStream(), bytes);
                    } catch (IOException end) {
                        bulk.sent.addAndGet(0); // the test has seen enough
                    }
                },
                "upload");
        thread.setDaemon(true);
        thread.start();
        return bulk;
    }

    void send(OutputStream out, long bytes) throws IOException {
        while (sent.get() < bytes) {
            out.write(PIECE);
            sent.addAndGet(PIECE.length);
        }
    }

    long sent() {
        return sent.get();
    }

    /** Until what is on its way fills all buffers. */
    void awaitStandstill() {
        long[] before = {-1};
        await().pollInterval(Duration.ofMillis(300)).atMost(Site.PATIENCE).until(() -> {
            boolean stands = sent.get() == before[0] && sent.get() > 0;
            before[0] = sent.get();
            return stands;
        });
    }
}
