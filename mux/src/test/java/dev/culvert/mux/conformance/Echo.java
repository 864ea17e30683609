package dev.culvert.mux.conformance;

import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import io.netty.buffer.ByteBuf;

/** Sends back what comes, gives credit back when it has left, and finishes when the peer does. Owned by its stream's loop. */
final class Echo implements StreamHandler {
    @Override
    public void onData(MuxStream stream, ByteBuf data) {
        stream.write(data);
    }

    @Override
    public void onWritten(MuxStream stream, int bytes) {
        stream.consumed(bytes);
    }

    @Override
    public void onFinish(MuxStream stream) {
        stream.finish();
    }

    @Override
    public void onReset(MuxStream stream, int code) {
        // nothing is kept that could be released
    }
}
