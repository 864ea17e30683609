package dev.culvert.bench;

import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Queue;

/** A reader that never reads: keeps what came and gives no credit back. Owned by the session's event loop, one per stream. */
final class StallingHandler implements StreamHandler {
    private final Queue<ByteBuf> unread = new ArrayDeque<>();

    @Override
    public void onData(MuxStream stream, ByteBuf data) {
        unread.add(data);
    }

    @Override
    public void onFinish(MuxStream stream) {
        letGo();
        stream.finish();
    }

    @Override
    public void onReset(MuxStream stream, int code) {
        letGo();
    }

    private void letGo() {
        for (ByteBuf data = unread.poll(); data != null; data = unread.poll()) {
            data.release();
        }
    }
}
