package dev.culvert.link.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/** Closes a connection that sends more than a stranger may. Owned by its channel's event loop; removed when it is no stranger any more. */
final class ByteGuard extends ChannelInboundHandlerAdapter {
    private long left;

    ByteGuard(long limit) {
        this.left = limit;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes) {
            left -= bytes.readableBytes();
        }
        if (left < 0) {
            ReferenceCountUtil.release(message);
            ctx.close();
        } else {
            ctx.fireChannelRead(message);
        }
    }
}
