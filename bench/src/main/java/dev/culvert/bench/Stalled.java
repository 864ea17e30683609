package dev.culvert.bench;

import dev.culvert.api.ErrorCode;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/**
 * What {@code bulk} streams do alone, and beside {@code n} streams of the same link that nobody reads and that have more to send
 * than their windows take; in turns that begin with the one and with the other, since a machine's speed drifts. Owned by its session's event
 * loop.
 */
final class Stalled implements StreamHandler {
    private final Opener opener;
    private final MuxStream[] streams;
    private int resets;

    private Stalled(Opener opener, int n) {
        this.opener = opener;
        this.streams = new MuxStream[n];
    }

    static void run(PeerOptions options) {
        Opener opener = Opener.connect(options);
        Stalled stalled = new Stalled(opener, options.number("n", 1000));
        int bulk = options.number("bulk", 8);
        int cycles = options.number("cycles", 2);
        Bulk.pour(opener, bulk, options);
        stalled.beside(bulk, options);
        long alone = 0;
        long beside = 0;
        for (int cycle = 0; cycle < cycles; cycle++) {
            boolean aloneFirst = cycle % 2 == 0;
            if (aloneFirst) {
                alone += Bulk.sum(Bulk.pour(opener, bulk, options));
            }
            beside += stalled.beside(bulk, options);
            if (!aloneFirst) {
                alone += Bulk.sum(Bulk.pour(opener, bulk, options));
            }
        }
        Meter meter = Meter.start(options);
        new Conductor()
                .result(String.format(
                        Locale.ROOT,
                        "alone=%.1f beside=%.1f ratio=%.4f resets=%d",
                        meter.perSecond(alone / cycles) / 1e6,
                        meter.perSecond(beside / cycles) / 1e6,
                        (double) beside / (double) alone,
                        stalled.resets));
    }

    private long beside(int bulk, PeerOptions options) {
        onLoop(this::begin);
        long bytes = Bulk.sum(Bulk.pour(opener, bulk, options));
        onLoop(this::end);
        return bytes;
    }

    private void onLoop(Runnable task) {
        Opener.await(CompletableFuture.runAsync(task, opener.loop()), 10);
    }

    private void begin() {
        for (int i = 0; i < streams.length; i++) {
            int index = i;
            opener.open(Unpooled.wrappedBuffer(new byte[] {'Z'}), this, stream -> overfill(index, stream));
        }
    }

    private void overfill(int index, MuxStream stream) {
        streams[index] = stream;
        for (int block = 0; block < 4; block++) {
            stream.write(Writer.block());
        }
    }

    private void end() {
        for (MuxStream stream : streams) {
            stream.reset(ErrorCode.CANCELLED.number());
        }
    }

    @Override
    public void onData(MuxStream stream, ByteBuf data) {
        data.release();
        Conductor.fail("a stalled stream answered");
    }

    @Override
    public void onFinish(MuxStream stream) {
        Conductor.fail("a stalled stream finished");
    }

    /** The memory rule may act; the figure says how often. */
    @Override
    public void onReset(MuxStream stream, int code) {
        resets++;
    }
}
