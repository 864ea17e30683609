package dev.culvert.node.proxy;

import dev.culvert.node.LocalConnection;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.socksx.v5.Socks5InitialRequestDecoder;
import io.netty.handler.codec.socksx.v5.Socks5ServerEncoder;
import io.netty.util.ReferenceCountUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the languages of programs apart: 5 begins SOCKS5, a letter begins HTTP. Owned by the channel's loop. */
final class FirstByte extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(FirstByte.class);
    private static final byte SOCKS5 = 5;

    private final ProxyOptions options;
    private final LocalConnection connection;
    private final Patience patience;

    FirstByte(ProxyOptions options, LocalConnection connection, Patience patience) {
        this.options = options;
        this.connection = connection;
        this.patience = patience;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf data = (ByteBuf) message;
        byte first = data.getByte(data.readerIndex());
        if (first == SOCKS5) {
            become(
                    ctx,
                    data,
                    new Socks5InitialRequestDecoder(),
                    Socks5ServerEncoder.DEFAULT,
                    new SocksDoor(options, connection, patience));
        } else if (first >= 'A' && first <= 'Z') {
            RequestDecoder decoder = new RequestDecoder(options.maxHeaderBytes());
            ResponseEncoder encoder = new ResponseEncoder();
            become(ctx, data, decoder, encoder, new HttpDoor(options, connection, patience, encoder));
        } else {
            LOG.debug("A first byte {} is neither SOCKS5 (5) nor HTTP (a capital letter)", first);
            data.release();
            ctx.close();
        }
    }

    private void become(ChannelHandlerContext ctx, ByteBuf data, ChannelHandler... handlers) {
        ChannelPipeline pipeline = ctx.pipeline();
        String after = ctx.name();
        for (ChannelHandler handler : handlers) {
            pipeline.addAfter(after, null, handler);
            after = pipeline.context(handler).name();
        }
        ctx.fireChannelRead(data);
        pipeline.remove(this);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            ctx.close();
        } else {
            ReferenceCountUtil.release(event);
        }
    }
}
