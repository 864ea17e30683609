package dev.culvert.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Waits for a client's first bytes, which say whether it speaks HTTP/2 (RFC 9113, 3.4) or HTTP/1.1, and makes room for the handlers of that
 * version. Owned by the channel's loop.
 */
final class VersionChoice extends ByteToMessageDecoder implements Guest {
    private static final ByteBuf PREFACE = Http2CodecUtil.connectionPrefaceBuf().asReadOnly();

    private final GatewayParts parts;
    private final ServiceConnector connector;
    private final boolean secure;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Future<?> timer;

    VersionChoice(GatewayParts parts, ServiceConnector connector, boolean secure) {
        this.parts = parts;
        this.connector = connector;
        this.secure = secure;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        parts.add(this);
        long headNanos = parts.options().times().head().toNanos();
        timer = ctx.executor().schedule(() -> ctx.close(), headNanos, TimeUnit.NANOSECONDS);
        ctx.channel().config().setAutoRead(true);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        int bytes = Math.min(in.readableBytes(), PREFACE.readableBytes());
        boolean same = ByteBufUtil.equals(in, in.readerIndex(), PREFACE, 0, bytes);
        if (!same || bytes == PREFACE.readableBytes()) {
            serve(ctx, same);
        }
    }

    /** What came so far goes to the chosen handlers. */
    private void serve(ChannelHandlerContext ctx, boolean second) {
        if (second) {
            Http2ClientSide.serve(ctx, parts, connector, secure);
        } else {
            ClientSide.serve(ctx, parts, connector, secure);
        }
        ctx.pipeline().remove(this);
    }

    @Override
    public void drain() {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            ctx.executor().execute(() -> {
                if (!ctx.isRemoved()) {
                    ctx.close();
                }
            });
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            ctx.close();
        } else {
            super.userEventTriggered(ctx, event);
        }
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
        parts.remove(this);
        if (timer != null) {
            timer.cancel(false);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
