package dev.culvert.node;

import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import io.netty.buffer.ByteBuf;

/** Throws away what still arrives on a refused stream, until it ends or its time is over. Owned by the peer's loop. [OPEN-3] */
final class Discard implements StreamHandler {
    private final Peer peer;
    private Deadlines.Place<MuxStream> deadline = Deadlines.none();

    Discard(Peer peer) {
        this.peer = peer;
    }

    /** One whose time has begun. */
    static Discard started(Peer peer, MuxStream stream) {
        Discard discard = new Discard(peer);
        discard.start(stream);
        return discard;
    }

    /** The time within which the stream must end begins. */
    void start(MuxStream stream) {
        deadline = peer.refused().add(stream);
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
        deadline.cancel();
    }

    @Override
    public void onClosed(MuxStream stream) {
        deadline.cancel();
    }
}
