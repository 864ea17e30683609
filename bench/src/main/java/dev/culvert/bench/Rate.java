package dev.culvert.bench;

import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/** How many times a second a stream is opened, 64 bytes are echoed and it is closed, {@code n} at a time. */
final class Rate {
    private static final int ECHO_BYTES = 64;
    private static final ByteBuf REQUEST = Unpooled.unreleasableBuffer(
            Unpooled.directBuffer(1 + ECHO_BYTES).writeByte('E').writeZero(ECHO_BYTES));

    private final Opener opener;
    private final Meter meter;
    private final Latencies[] latencies = {new Latencies(), new Latencies()};
    private final Runnable onDone;

    private Rate(Opener opener, Meter meter, Runnable onDone) {
        this.opener = opener;
        this.meter = meter;
        this.onDone = onDone;
    }

    static void run(PeerOptions options) {
        Opener opener = Opener.connect(options);
        int atATime = options.number("n", 1);
        Meter meter = Meter.start(options);
        CompletableFuture<Void> done = new CompletableFuture<>();
        Rate rate = new Rate(opener, meter, new Countdown(atATime, done));
        opener.loop().execute(() -> {
            for (int i = 0; i < atATime; i++) {
                rate.new Operation().begin(Meter.now());
            }
        });
        Opener.await(done, Bulk.seconds(options) + 10);
        Latencies counted = rate.latencies[1];
        if (counted.count() == 0) {
            Conductor.fail("not one operation in the time that is measured");
        }
        new Conductor()
                .result(String.format(
                        Locale.ROOT, "perSecond=%.1f %s", meter.perSecond(counted.count()), counted.figures("")));
    }

    /** One of the operations at a time: ends with the last byte of the echo, and the next one begins at once. */
    private final class Operation implements StreamHandler {
        private long startNanos;
        private int missing;

        void begin(long nowNanos) {
            startNanos = nowNanos;
            missing = ECHO_BYTES;
            opener.open(REQUEST.duplicate(), this, stream -> {});
        }

        @Override
        public void onData(MuxStream stream, ByteBuf data) {
            int bytes = data.readableBytes();
            data.release();
            stream.consumed(bytes);
            missing -= bytes;
            if (missing < 0) {
                Conductor.fail("an echo is longer than what was sent");
            } else if (missing == 0) {
                stream.finish();
                end();
            }
        }

        private void end() {
            long nowNanos = Meter.now();
            latencies[meter.counts(nowNanos)].add(nowNanos - startNanos);
            if (meter.over(nowNanos)) {
                onDone.run();
            } else {
                begin(nowNanos);
            }
        }

        @Override
        public void onFinish(MuxStream stream) {
            // the server's half of a stream that was counted already
        }

        @Override
        public void onReset(MuxStream stream, int code) {
            Opener.onReset("echo stream", code);
        }
    }
}
