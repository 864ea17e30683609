package dev.culvert.bench;

import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import io.netty.buffer.ByteBuf;

/** A stream that is kept open and of which nothing is expected; ends when its peer does. <em>Stateless.</em> */
final class HoldingHandler implements StreamHandler {
    @Override
    public void onData(MuxStream stream, ByteBuf data) {
        int bytes = data.readableBytes();
        data.release();
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
