package dev.culvert.bench;

import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/**
 * Opens streams on one link that each carry one byte both ways, holds them and lets go. Owned by its session's event loop.
 */
final class Idle implements StreamHandler {
    private static final int AT_A_TIME = 64;
    private static final int WARM_STREAMS = 20_000;
    private static final int WARM_ROUNDS = 3;
    private static final int ENDS_PER_TURN = 10_000;
    private static final long LIMIT_SECONDS = 300;

    private final Opener opener;
    private final MuxStream[] streams;
    private final int n;
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private int begun;
    private int answered;
    private int finished;

    private Idle(Opener opener, MuxStream[] streams, int n) {
        this.opener = opener;
        this.streams = streams;
        this.n = n;
    }

    static void run(PeerOptions options) {
        Opener opener = Opener.connect(options);
        Conductor conductor = new Conductor();
        int n = options.number("n", 100_000);
        MuxStream[] streams = new MuxStream[Math.max(n, WARM_STREAMS)];
        for (int round = 0; round < WARM_ROUNDS; round++) {
            Idle warm = new Idle(opener, streams, WARM_STREAMS);
            warm.open();
            warm.close();
        }
        conductor.at("base");
        Idle idle = new Idle(opener, streams, n);
        long startNanos = Meter.now();
        idle.open();
        double seconds = (Meter.now() - startNanos) / 1e9;
        conductor.at("open");
        idle.close();
        conductor.at("closed");
        conductor.result(String.format(Locale.ROOT, "streams=%d openSeconds=%.2f", n, seconds));
    }

    private void open() {
        opener.loop().execute(() -> {
            for (int i = 0; i < Math.min(AT_A_TIME, n); i++) {
                begin();
            }
        });
        Opener.await(opened, LIMIT_SECONDS);
    }

    private void close() {
        opener.loop().execute(() -> end(0));
        Opener.await(ended, LIMIT_SECONDS);
    }

    private void begin() {
        begun++;
        opener.open(Unpooled.wrappedBuffer(new byte[] {'I'}), this, stream -> {});
    }

    private void end(int from) {
        int to = Math.min(from + ENDS_PER_TURN, n);
        for (int i = from; i < to; i++) {
            streams[i].finish();
        }
        if (to < n) {
            opener.loop().execute(() -> end(to));
        }
    }

    @Override
    public void onData(MuxStream stream, ByteBuf data) {
        int bytes = data.readableBytes();
        data.release();
        stream.consumed(bytes);
        streams[answered++] = stream;
        if (begun < n) {
            begin();
        } else if (answered == n) {
            opened.complete(null);
        }
    }

    @Override
    public void onFinish(MuxStream stream) {
        if (++finished == n) {
            Arrays.fill(streams, null);
            ended.complete(null);
        }
    }

    @Override
    public void onReset(MuxStream stream, int code) {
        Opener.onReset("idle stream", code);
    }
}
