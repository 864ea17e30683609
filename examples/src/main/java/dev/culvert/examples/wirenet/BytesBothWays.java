package dev.culvert.examples.wirenet;

import dev.culvert.api.Binding;
import dev.culvert.api.Node;
import dev.culvert.api.Stream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Many clients send bytes and get them back at the same time; each compares what it gets with what it sent. */
public final class BytesBothWays {
    private BytesBothWays() {}

    static Binding serve(Node node) throws IOException {
        return node.bind("bytes", stream -> stream.transferTo(stream));
    }

    /**
     * One client's exchange, on two threads, since each direction has a pace of its own.
     *
     * @return how many bytes came back as they were sent
     */
    static int exchange(Node client, int bytes, long seed, Executor threads) throws IOException {
        byte[] sent = new byte[bytes];
        new Random(seed).nextBytes(sent);
        try (Stream stream = client.dial("bytes")) {
            CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> write(stream, sent), threads);
            byte[] received = stream.input().readAllBytes();
            writing.join();
            int same = 0;
            while (same < received.length && received[same] == sent[same]) {
                same++;
            }
            return same;
        }
    }

    private static void write(Stream stream, byte[] bytes) {
        try {
            stream.output().write(bytes);
            stream.finish();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
