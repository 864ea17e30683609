package dev.culvert.link.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of the pipeline until a link takes over: a failed handshake closes the connection and is told by its future, so that a stranger
 * cannot fill the log. Owned by its channel's event loop.
 */
final class QuietEnd extends ChannelInboundHandlerAdapter {
    static final String NAME = "quiet-end";
    private static final Logger LOG = LoggerFactory.getLogger(QuietEnd.class);

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ReferenceCountUtil.release(message); // spoken before its turn
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("{}: closed before it carried a link: {}", ctx.channel().remoteAddress(), cause.getMessage());
        ctx.close();
    }
}
