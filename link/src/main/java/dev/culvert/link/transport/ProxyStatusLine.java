package dev.culvert.link.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.proxy.ProxyConnectException;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the status of an HTTP proxy's answer to CONNECT, before the handler that deals with the rest: that one waits for the end of a
 * refusal, and without a length only the proxy's hanging up ends it. Owned by its channel's event loop.
 */
final class ProxyStatusLine extends ChannelInboundHandlerAdapter {
    private static final int LENGTH = "HTTP/1.1 200".length();
    private static final Pattern REFUSAL = Pattern.compile("HTTP/1\\.[01] ((?!200)\\d{3})");

    private final StringBuilder start = new StringBuilder(LENGTH);

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes) {
            int count = Math.min(LENGTH - start.length(), bytes.readableBytes());
            start.append(bytes.toString(bytes.readerIndex(), count, StandardCharsets.US_ASCII));
        }
        if (start.length() == LENGTH) {
            ctx.pipeline().remove(this);
            Matcher refusal = REFUSAL.matcher(start);
            if (refusal.matches()) {
                ReferenceCountUtil.release(message);
                ctx.fireExceptionCaught(new ProxyConnectException("status: " + refusal.group(1)));
                return;
            }
        }
        ctx.fireChannelRead(message);
    }
}
