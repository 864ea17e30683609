package dev.culvert.bench;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.function.Consumer;

/** Hands a connection over as soon as it is up, and steps aside. Owned by the channel's event loop. */
final class WhenActive extends ChannelInboundHandlerAdapter {
    private final Consumer<Channel> onChannel;

    WhenActive(Consumer<Channel> onChannel) {
        this.onChannel = onChannel;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        onChannel.accept(context.channel());
        context.pipeline().remove(this);
        context.fireChannelActive();
    }
}
