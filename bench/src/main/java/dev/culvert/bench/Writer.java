package dev.culvert.bench;

import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** A stream that is filled as fast as it takes bytes, until the meter's time is over. Owned by the session's event loop. */
final class Writer implements StreamHandler {
    private static final int BLOCK = 64 * 1024;
    private static final int BOUND = 4 * BLOCK;
    private static final ByteBuf ZEROS =
            Unpooled.unreleasableBuffer(Unpooled.directBuffer(BLOCK).writeZero(BLOCK));

    private final Meter meter;
    private final Runnable onDone;
    private final long[] bytes = new long[2];
    private boolean over;

    /** @param onDone called when the peer has read everything and finished too */
    Writer(Meter meter, Runnable onDone) {
        this.meter = meter;
        this.onDone = onDone;
    }

    void start(Opener opener) {
        opener.open(Unpooled.wrappedBuffer(new byte[] {'S'}), this, Writer::fill);
    }

    /** Bytes that left in the time that is measured. */
    long bytes() {
        return bytes[1];
    }

    /** A block of zeros that nobody needs to release. */
    static ByteBuf block() {
        return ZEROS.duplicate();
    }

    @Override
    public void onWritten(MuxStream stream, int written) {
        long nowNanos = Meter.now();
        bytes[meter.counts(nowNanos)] += written;
        if (!meter.over(nowNanos)) {
            fill(stream);
        } else if (!over) {
            over = true;
            stream.finish();
        }
    }

    private static void fill(MuxStream stream) {
        while (stream.queued() <= BOUND - BLOCK) {
            stream.write(block());
        }
    }

    @Override
    public void onData(MuxStream stream, ByteBuf data) {
        data.release();
        Conductor.fail("a sink answered");
    }

    @Override
    public void onFinish(MuxStream stream) {
        onDone.run();
    }

    @Override
    public void onReset(MuxStream stream, int code) {
        Opener.onReset("bulk stream", code);
    }
}
