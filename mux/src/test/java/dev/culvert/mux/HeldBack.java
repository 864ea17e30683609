package dev.culvert.mux;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/** Keeps what comes for a stream until it is known who wants it. Owned by its stream's event loop. */
final class HeldBack implements StreamHandler {
    private final List<ByteBuf> data = new ArrayList<>();
    private boolean finished;
    private int resetCode = -1;

    /** Hands on what was kept, in order. */
    void replay(MuxStream stream, StreamHandler to) {
        data.forEach(piece -> to.onData(stream, piece));
        data.clear();
        if (resetCode >= 0) {
            to.onReset(stream, resetCode);
        } else if (finished) {
            to.onFinish(stream);
        }
    }

    @Override
    public void onData(MuxStream stream, ByteBuf piece) {
        data.add(piece);
    }

    @Override
    public void onFinish(MuxStream stream) {
        finished = true;
    }

    @Override
    public void onReset(MuxStream stream, int code) {
        resetCode = code;
    }
}
