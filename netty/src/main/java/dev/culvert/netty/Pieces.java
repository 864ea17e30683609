package dev.culvert.netty;

import dev.culvert.node.LoopStream;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOutboundBuffer;
import java.util.ArrayList;
import java.util.List;

/** Gathers what a stream has room for from flushed messages, which stay as they are. Owned by the channel's loop, for one write. */
final class Pieces implements ChannelOutboundBuffer.MessageProcessor {
    private final List<ByteBuf> pieces = new ArrayList<>();
    private final int room;
    private int bytes;

    Pieces(int room) {
        this.room = room;
    }

    @Override
    public boolean processMessage(Object message) {
        ByteBuf data = (ByteBuf) message;
        int part = Math.min(data.readableBytes(), room - bytes);
        if (part > 0) {
            pieces.add(data.retainedSlice(data.readerIndex(), part));
            bytes += part;
        }
        return bytes < room;
    }

    int bytes() {
        return bytes;
    }

    void writeTo(LoopStream stream) {
        if (!pieces.isEmpty()) {
            stream.write(pieces);
        }
    }
}
