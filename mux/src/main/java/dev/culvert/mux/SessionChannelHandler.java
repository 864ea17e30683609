package dev.culvert.mux;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the channel's events to its session. Owned by the channel's event loop; the last handler of the pipeline. */
final class SessionChannelHandler extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(SessionChannelHandler.class);

    private final MuxSession session;
    private final FrameDecoder decoder;

    SessionChannelHandler(MuxSession session, FrameReader reader) {
        this.session = session;
        this.decoder = new FrameDecoder(reader);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            session.onRead();
            decoder.decode(in);
        } catch (ProtocolViolation violation) {
            session.violated(violation);
        } catch (RuntimeException | Error thrown) {
            session.failed(thrown);
        } finally {
            in.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        session.onReadComplete();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            session.writer().takeTurn();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        session.lost("the connection was closed");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("{}: the connection failed", session, cause);
        session.lost(String.valueOf(cause.getMessage()));
    }
}
