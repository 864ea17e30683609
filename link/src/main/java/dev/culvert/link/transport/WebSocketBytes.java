package dev.culvert.link.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns WebSocket messages into the bytes of a link and back: boundaries mean nothing, a message that we send has at most 16 KiB. [LINK-4]
 * Owned by its channel's event loop.
 */
final class WebSocketBytes extends ChannelDuplexHandler {
    /** What is accepted. [LINK-4] */
    static final int MAX_RECEIVED = 1024 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(WebSocketBytes.class);
    private static final int MAX_SENT = 16 * 1024;
    private boolean closing;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof WebSocketFrame frame) || closing) {
            ReferenceCountUtil.release(message);
        } else if (frame instanceof BinaryWebSocketFrame || frame instanceof ContinuationWebSocketFrame) {
            ctx.fireChannelRead(frame.content()); // the frame is no more than its content
        } else {
            onControl(ctx, frame);
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (!(message instanceof ByteBuf bytes)) {
            ctx.write(message, promise);
            return;
        }
        while (bytes.readableBytes() > MAX_SENT) {
            ctx.write(new BinaryWebSocketFrame(bytes.readRetainedSlice(MAX_SENT)));
        }
        ctx.write(new BinaryWebSocketFrame(bytes), promise);
    }

    /** A frame that breaks RFC 6455; what a link itself does wrong is caught behind. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof CorruptedWebSocketFrameException) {
            LOG.debug("{}: closed: {}", ctx.channel().remoteAddress(), cause.getMessage());
            ctx.close();
        } else {
            ctx.fireExceptionCaught(cause);
        }
    }

    private void onControl(ChannelHandlerContext ctx, WebSocketFrame frame) {
        if (frame instanceof PingWebSocketFrame && ctx.channel().isWritable()) {
            ctx.writeAndFlush(new PongWebSocketFrame(frame.content()));
            return;
        }
        boolean close = frame instanceof CloseWebSocketFrame;
        boolean ignored = frame instanceof PingWebSocketFrame || frame instanceof PongWebSocketFrame;
        ReferenceCountUtil.release(frame);
        if (!ignored) {
            closing = true;
            WebSocketCloseStatus status =
                    close ? WebSocketCloseStatus.NORMAL_CLOSURE : WebSocketCloseStatus.INVALID_MESSAGE_TYPE;
            ctx.writeAndFlush(new CloseWebSocketFrame(status)).addListener(ChannelFutureListener.CLOSE);
        }
    }
}
