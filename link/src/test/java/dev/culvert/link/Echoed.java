package dev.culvert.link;

import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/** A stream to the peer's echo. Owned by the session's event loop, which is the test's thread. */
final class Echoed implements StreamHandler {
    private final StringBuilder heard = new StringBuilder();
    private MuxStream stream;
    int resetCode = -1;

    static Echoed on(Session session) throws Exception {
        Echoed echoed = new Echoed();
        echoed.stream = session.mux().open(echoed);
        return echoed;
    }

    void say(String text) {
        stream.write(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
    }

    void finish() {
        stream.finish();
    }

    String text() {
        return heard.toString();
    }

    @Override
    public void onData(MuxStream from, ByteBuf data) {
        heard.append(data.toString(StandardCharsets.UTF_8));
        from.consumed(data.readableBytes());
        data.release();
    }

    @Override
    public void onFinish(MuxStream from) {
        // the echo has finished too
    }

    @Override
    public void onReset(MuxStream from, int code) {
        resetCode = code;
    }
}
