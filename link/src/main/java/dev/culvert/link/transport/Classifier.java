package dev.culvert.link.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for the first bytes, says what they are, and keeps all that comes until it is removed; then the next handler gets it. Owned by its
 * channel's event loop.
 */
final class Classifier extends ByteToMessageDecoder {
    private static final Logger LOG = LoggerFactory.getLogger(Classifier.class);

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

    /** A failed TLS handshake in front of it, for one: no line in the log for each stranger. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("{}: closed: {}", ctx.channel().remoteAddress(), cause.getMessage());
        ctx.close();
    }
}
