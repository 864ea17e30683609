package dev.culvert.node;

import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import io.netty.buffer.ByteBuf;

/** Throws away what still arrives on a refused stream, until it ends or its time is over. Owned by the peer's loop. [OPEN-3] */
final class Discard implements StreamHandler {
    private final Peer peer;

    Discard(Peer peer) {
        this.peer = peer;
    }

    @Override
    public void onData(MuxStream stream, ByteBuf data) {
        int bytes = data.readableBytes();
        data.release();
        stream.consumed(bytes);
    }

    @Override
    public void onFinish(MuxStream stream) {
        // Its own half has been finished before; onClosed follows.
    }

    @Override
    public void onReset(MuxStream stream, int code) {
        peer.refused().remove(stream);
    }

    @Override
    public void onClosed(MuxStream stream) {
        peer.refused().remove(stream);
    }
}
