package dev.culvert.link.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import java.util.function.Consumer;

/**
 * Waits for the first bytes, says what they are, and keeps all that comes until it is removed; then the next handler gets it. Owned by its
 * channel's event loop.
 */
final class Classifier extends ByteToMessageDecoder {
    private final Consumer<FirstBytes> decided;
    private boolean done;

    Classifier(Consumer<FirstBytes> decided) {
        this.decided = decided;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (!done && in.readableBytes() >= FirstBytes.COUNT) {
            done = true;
            decided.accept(FirstBytes.of(in));
        }
    }
}
