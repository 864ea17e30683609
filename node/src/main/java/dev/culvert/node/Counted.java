package dev.culvert.node;

import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import io.netty.buffer.ByteBuf;

/** Counts a stream as open until its handler is told the end. Owned by the stream's loop. */
final class Counted implements StreamHandler {
    private final Traffic traffic;
    private final StreamHandler handler;

    private Counted(Traffic traffic, StreamHandler handler) {
        this.traffic = traffic;
        this.handler = handler;
    }

    /** Accepts the call for {@code handler}, if the caller has not gone. */
    static void accept(Incoming incoming, Traffic traffic, StreamHandler handler) {
        if (incoming.accept(new Counted(traffic, handler))) {
            traffic.open();
        }
    }

    @Override
    public void onData(MuxStream stream, ByteBuf data) {
        handler.onData(stream, data);
    }

    @Override
    public void onFinish(MuxStream stream) {
        handler.onFinish(stream);
    }

    @Override
    public void onReset(MuxStream stream, int code) {
        traffic.end();
        handler.onReset(stream, code);
    }

    @Override
    public void onStop(MuxStream stream, int code) {
        handler.onStop(stream, code);
    }

    @Override
    public void onWritten(MuxStream stream, int bytes) {
        handler.onWritten(stream, bytes);
    }

    @Override
    public void onClosed(MuxStream stream) {
        traffic.end();
        handler.onClosed(stream);
    }
}
