package dev.culvert.node;

import dev.culvert.mux.AlignedReads;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What a socket of this machine says; held until somebody takes it. Owned by its channel's loop. It stands in the pipeline before the
 * socket is registered, since epoll reads once when the other program finishes, whether or not anybody asked.
 */
final class SocketSide extends ChannelInboundHandlerAdapter {
    private static final int FLUSHES_AT_ONCE = 64;

    private final Deque<ByteBuf> held = new ArrayDeque<>(1);
    private @Nullable Listener listener;
    private boolean shut;
    private boolean lost;

    /** Is told what the socket says. On the channel's loop. */
    interface Listener {
        /** Bytes; the listener owns them. */
        void onSocketData(ByteBuf data);

        /** The other program has finished its half; told for its TLS and for its TCP, if both end. */
        void onSocketFinished();

        /** The socket is closed. */
        void onSocketLost();
    }

    /** Sets a socket up that streams lead to or come from, before it is active. It does not read yet. */
    static void install(Channel channel) {
        ChannelConfig config = channel.config();
        config.setAutoRead(false);
        config.setRecvByteBufAllocator(new AlignedReads());
        config.setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        if (config.getOptions().containsKey(ChannelOption.TCP_NODELAY)) {
            config.setOption(ChannelOption.TCP_NODELAY, true);
        }
        // what came from the link in one turn of the loop leaves in one
        channel.pipeline().addLast(new FlushConsolidationHandler(FLUSHES_AT_ONCE, true), new SocketSide());
    }

    /** Tells the listener what was held, and then what comes; begins to read. On the channel's loop. */
    void start(Channel channel, Listener newListener) {
        listener = newListener;
        for (ByteBuf data = held.poll(); data != null; data = held.poll()) {
            newListener.onSocketData(data);
        }
        if (shut) {
            newListener.onSocketFinished();
        }
        if (lost || !channel.isOpen()) {
            newListener.onSocketLost();
        } else {
            channel.config().setAutoRead(true);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf data = (ByteBuf) message;
        if (listener == null) {
            held.add(data);
        } else {
            listener.onSocketData(data);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        boolean end = event == ChannelInputShutdownEvent.INSTANCE || event == SslCloseCompletionEvent.SUCCESS;
        if (end) {
            shut = true;
            if (listener != null) {
                listener.onSocketFinished();
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        lost = true;
        if (listener != null) {
            listener.onSocketLost();
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        held.forEach(ByteBuf::release);
        held.clear();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // A reset by the other program is no news: channelInactive follows the close, and tells the stream.
        ctx.close();
    }
}
