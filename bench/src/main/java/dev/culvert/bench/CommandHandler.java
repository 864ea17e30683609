package dev.culvert.bench;

import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/**
 * The server's side of a fresh stream: the first byte says what to do with it. {@code S} sinks until the end, {@code E} echoes
 * until the end, {@code I} answers one byte and idles, {@code A} is echoed itself and all that follows, {@code Z} is never read, {@code M} answers one line of figures.
 * <em>Stateless.</em>
 */
final class CommandHandler implements StreamHandler {
    private static final StreamHandler HOLD = new HoldingHandler();
    private static final StreamHandler ECHO = new EchoHandler();

    private final Supplier<String> figures;

    CommandHandler(Supplier<String> figures) {
        this.figures = figures;
    }

    @Override
    public void onData(MuxStream stream, ByteBuf data) {
        if (data.getByte(data.readerIndex()) == 'A') {
            stream.handler(ECHO);
            ECHO.onData(stream, data);
            return;
        }
        byte command = data.readByte();
        stream.consumed(1);
        StreamHandler handler = handler(stream, command);
        stream.handler(handler);
        if (data.isReadable()) {
            handler.onData(stream, data);
        } else {
            data.release();
        }
    }

    private StreamHandler handler(MuxStream stream, byte command) {
        switch (command) {
            case 'E':
                return ECHO;
            case 'I':
                stream.write(Unpooled.wrappedBuffer(new byte[] {'I'}));
                return HOLD;
            case 'Z':
                return new StallingHandler();
            case 'M':
                stream.write(Unpooled.copiedBuffer(figures.get() + "\n", StandardCharsets.US_ASCII));
                stream.finish();
                return HOLD;
            default:
                return HOLD;
        }
    }

    @Override
    public void onFinish(MuxStream stream) {
        stream.finish();
    }

    @Override
    public void onReset(MuxStream stream, int code) {
        // a stream that ended before it said what it wanted
    }
}
