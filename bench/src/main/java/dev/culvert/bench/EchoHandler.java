package dev.culvert.bench;

import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import io.netty.buffer.ByteBuf;

/** Sends back what comes; the peer gets its credit back when the echo has left. <em>Stateless.</em> */
final class EchoHandler implements StreamHandler {
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
        // the peer had its reasons and reports them itself
    }
}
