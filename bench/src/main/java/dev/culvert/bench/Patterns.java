package dev.culvert.bench;

import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Locale;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Opens streams on one link, all at once, then sends a pattern of its own through each, there and back, and compares every byte. Owned by its
 * session's event loop.
 */
final class Patterns {
    private static final int PATTERN_BYTES = 64;
    private static final int AT_A_TIME = 64;
    private static final int WARM_STREAMS = 20_000;
    private static final int WARM_ROUNDS = 3;
    private static final long LIMIT_SECONDS = 300;

    private final Opener opener;
    private One[] streams;
    private final int n;
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private final CompletableFuture<Void> verified = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private int begun;
    private int answered;
    private int sent;
    private int equal;
    private int finished;

    private Patterns(Opener opener, int n) {
        this.opener = opener;
        this.n = n;
        this.streams = new One[n];
    }

    static void run(PeerOptions options) {
        Opener opener = Opener.connect(options);
        Conductor conductor = new Conductor();
        int n = options.number("n", 100_000);
        for (int round = 0; round < WARM_ROUNDS; round++) {
            Patterns warm = new Patterns(opener, WARM_STREAMS);
            warm.open();
            warm.exchange();
            warm.close();
        }
        conductor.at("base");
        conductor.result(String.format(Locale.ROOT, "streams=%d %s", n, new Patterns(opener, n).measured(conductor)));
    }

    private String measured(Conductor conductor) {
        long startNanos = Meter.now();
        open();
        long openNanos = Meter.now();
        conductor.at("open");
        long exchangeNanos = Meter.now();
        exchange();
        double exchangeSeconds = (Meter.now() - exchangeNanos) / 1e9;
        conductor.at("verified");
        close();
        conductor.at("closed");
        return String.format(
                Locale.ROOT,
                "openSeconds=%.2f exchangeSeconds=%.2f equal=%d",
                (openNanos - startNanos) / 1e9,
                exchangeSeconds,
                equal);
    }

    private void open() {
        opener.loop().execute(() -> {
            for (int i = 0; i < Math.min(AT_A_TIME, n); i++) {
                begin();
            }
        });
        Opener.await(opened, LIMIT_SECONDS);
    }

    private void exchange() {
        opener.loop().execute(() -> {
            for (int i = 0; i < Math.min(AT_A_TIME, n); i++) {
                send();
            }
        });
        Opener.await(verified, LIMIT_SECONDS);
    }

    private void close() {
        opener.loop().execute(() -> {
            for (int i = 0; i < n; i++) {
                streams[i].stream().finish();
            }
        });
        Opener.await(ended, LIMIT_SECONDS);
    }

    private void begin() {
        One one = new One(begun);
        begun++;
        opener.open(Unpooled.wrappedBuffer(new byte[] {'A'}), one, stream -> {});
    }

    private void send() {
        One one = streams[sent++];
        byte[] pattern = new byte[PATTERN_BYTES];
        new SplittableRandom(one.number).nextBytes(pattern);
        one.expected = pattern;
        one.stream().write(Unpooled.wrappedBuffer(pattern));
    }

    /** One stream and what it must bring back. */
    private final class One implements StreamHandler {
        private final int number;
        /** Set by the first byte that comes back. */
        private @Nullable MuxStream stream;

        private byte[] expected = {'A'};
        private int received;

        One(int number) {
            this.number = number;
        }

        MuxStream stream() {
            return Objects.requireNonNull(stream);
        }

        @Override
        public void onData(MuxStream from, ByteBuf data) {
            stream = from;
            int bytes = data.readableBytes();
            while (data.isReadable()) {
                if (received == expected.length || data.readByte() != expected[received++]) {
                    Conductor.fail("stream " + number + ": another byte came back, behind " + received);
                }
            }
            data.release();
            from.consumed(bytes);
            if (received == expected.length) {
                whole();
            }
        }

        private void whole() {
            received = 0;
            if (expected.length == 1) {
                opened();
            } else {
                expected = new byte[0];
                verified();
            }
        }

        private void opened() {
            streams[answered++] = this;
            if (begun < n) {
                begin();
            } else if (answered == n) {
                opened.complete(null);
            }
        }

        private void verified() {
            equal++;
            if (sent < n) {
                send();
            } else if (equal == n) {
                verified.complete(null);
            }
        }

        @Override
        public void onFinish(MuxStream from) {
            if (++finished == n) {
                streams = new One[0];
                ended.complete(null);
            }
        }

        @Override
        public void onReset(MuxStream from, int code) {
            Opener.onReset("stream " + number, code);
        }
    }
}
