package dev.culvert.link.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads one PROXY header, reports it and leaves the pipeline. Owned by its channel's event loop. */
final class ProxyHeaderReader extends ByteToMessageDecoder {
    private final Consumer<ProxyHeader> read;
    private final Consumer<String> failed;

    ProxyHeaderReader(Consumer<ProxyHeader> read, Consumer<String> failed) {
        this.read = read;
        this.failed = failed;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        @Nullable ProxyHeader header;
        try {
            header = ProxyHeader.read(in);
        } catch (IllegalArgumentException e) {
            in.skipBytes(in.readableBytes());
            failed.accept(String.valueOf(e.getMessage()));
            return;
        }
        if (header != null) {
            in.skipBytes(header.length());
            read.accept(header); // adds what reads the rest
            ctx.pipeline().remove(this);
        }
    }
}
