package dev.culvert.bench;

import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * How long 64 bytes take there and back on an open stream; beside {@code bulk} streams on the same link also on a connection of
 * their own, at the same time. Owned by its session's event loop.
 */
final class Ping implements StreamHandler {
    private static final int BYTES = 64;
    private static final ByteBuf MESSAGE =
            Unpooled.unreleasableBuffer(Unpooled.directBuffer(BYTES).writeZero(BYTES));

    private final Meter meter;
    private final long pauseMillis;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final Latencies[] latencies = {new Latencies(), new Latencies()};
    private long startNanos;
    private int missing;

    private Ping(Meter meter, long pauseMillis) {
        this.meter = meter;
        this.pauseMillis = pauseMillis;
    }

    static void run(PeerOptions options) {
        int bulk = options.number("bulk", 0);
        Opener shared = Opener.connect(options);
        Meter meter = Meter.start(options);
        shared.loop().execute(() -> {
            for (int i = 0; i < bulk; i++) {
                new Writer(meter, () -> {}).start(shared);
            }
        });
        Ping beside = start(shared, new Ping(meter, bulk > 0 ? 1 : 0));
        String figures = "";
        if (bulk > 0) {
            Ping own = start(Opener.connect(options), new Ping(meter, 1));
            Opener.await(own.done, Bulk.seconds(options) + 10);
            figures = own.latencies[1].figures("own_");
        }
        Opener.await(beside.done, Bulk.seconds(options) + 10);
        if (beside.latencies[1].count() == 0) {
            Conductor.fail("not one round trip in the time that is measured");
        }
        new Conductor().result(beside.latencies[1].figures("") + " " + figures);
    }

    private static Ping start(Opener opener, Ping ping) {
        opener.loop().execute(() -> opener.open(Unpooled.wrappedBuffer(new byte[] {'E'}), ping, ping::send));
        return ping;
    }

    private void send(MuxStream stream) {
        missing = BYTES;
        startNanos = Meter.now();
        stream.write(MESSAGE.duplicate());
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
            onEcho(stream);
        }
    }

    private void onEcho(MuxStream stream) {
        long nowNanos = Meter.now();
        latencies[meter.counts(nowNanos)].add(nowNanos - startNanos);
        if (meter.over(nowNanos)) {
            stream.finish();
            done.complete(null);
        } else if (pauseMillis == 0) {
            send(stream);
        } else {
            stream.session().loop().schedule(() -> send(stream), pauseMillis, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void onFinish(MuxStream stream) {
        if (!done.isDone()) {
            Conductor.fail("the echo ended");
        }
    }

    @Override
    public void onReset(MuxStream stream, int code) {
        Opener.onReset("ping stream", code);
    }
}
