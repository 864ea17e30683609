package dev.culvert.mux;

import io.netty.buffer.ByteBuf;

/** The handler of a stream between its SYN and the answer of {@link SessionHandler#onOpen}. <em>Immutable.</em> */
enum UnclaimedStream implements StreamHandler {
    HANDLER;

    @Override
    public void onData(MuxStream stream, ByteBuf data) {
        data.release();
    }

    @Override
    public void onFinish(MuxStream stream) {
        // no data can have come
    }

    @Override
    public void onReset(MuxStream stream, int code) {
        // nobody knows the stream
    }
}
