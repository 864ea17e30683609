package dev.culvert.gateway;

import dev.culvert.api.CulvertException;
import dev.culvert.api.DialException;
import dev.culvert.api.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to a service, HTTP/1.1: one request at a time, then it may wait for the next in its {@link ServicePool}. What comes while
 * nobody waits for it closes the connection. Owned by its channel's loop, which is that of the client it serves.
 */
final class ServiceSide extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceSide.class);

    private final Channel channel;
    private final ServiceDecoder decoder;
    private final HttpRequestEncoder encoder = new HttpRequestEncoder();
    private final Deque<Object> held = new ArrayDeque<>(2);
    private @Nullable Listener listener;
    private @Nullable CulvertException cause;
    private Runnable onIdleEnd = () -> {};
    private boolean used;
    private boolean paused;

    ServiceSide(Channel channel, int maxHeadBytes) {
        this.channel = channel;
        this.decoder = new ServiceDecoder(maxHeadBytes);
        channel.pipeline().addLast(decoder, encoder, this);
    }

    /** Is told what the service says to one request. Objects with bytes are the listener's. */
    interface Listener {
        void onHead(HttpResponse head);

        void onContent(HttpContent content);

        /** After {@link #stopDecoding()}. */
        void onBytes(ByteBuf bytes);

        /** The service has finished its half: no more will come. */
        void onServiceFinished();

        /**
         * The connection is gone.
         *
         * @param cause why; null: the service closed it
         */
        void onServiceGone(@Nullable CulvertException cause);

        /** There is room again, or there is none. */
        void onServiceWritable();
    }

    /** The next request has begun: its answer is for this listener. */
    void take(Listener newListener, HttpMethod method) {
        listener = newListener;
        onIdleEnd = () -> {};
        decoder.answersHead(method.equals(HttpMethod.HEAD));
    }

    /**
     * The answer is complete.
     *
     * @param onEnd called once if the connection ends before the next request
     */
    void rest(Runnable onEnd) {
        listener = null;
        used = true;
        onIdleEnd = onEnd;
    }

    /** Whether it has carried a request before. */
    boolean isUsed() {
        return used;
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    boolean isWritable() {
        return channel.isWritable();
    }

    void send(HttpRequest head) {
        channel.write(head, channel.voidPromise());
    }

    void send(HttpContent content) {
        channel.write(content, channel.voidPromise());
    }

    void send(ByteBuf bytes) {
        channel.writeAndFlush(bytes, channel.voidPromise());
    }

    void flush() {
        channel.flush();
    }

    /** The client takes no more for now. */
    void pause() {
        paused = true;
        channel.config().setAutoRead(false);
    }

    void resume() {
        if (!paused) {
            return;
        }
        paused = false;
        while (!paused && !held.isEmpty()) {
            deliver(held.remove());
        }
        if (!paused) {
            channel.config().setAutoRead(true);
        }
    }

    /** From now on bytes to the service pass as they are. */
    void stopEncoding() {
        channel.pipeline().remove(encoder);
    }

    /** From now on bytes from the service pass as they are; those that came already are told at once. */
    void stopDecoding() {
        channel.pipeline().remove(decoder);
    }

    /** Half-close, behind what was sent. */
    void finish() {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            if (channel instanceof StreamChannel stream) {
                stream.finishOutput();
            }
        });
    }

    /** Nobody wants the rest: the service learns it. */
    void close() {
        listener = null;
        channel.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (listener == null) {
            ReferenceCountUtil.release(message);
            LOG.debug("a service spoke without being asked: its connection is closed");
            ctx.close();
        } else if (paused || !held.isEmpty()) {
            held.add(message);
        } else {
            deliver(message);
        }
    }

    private void deliver(Object message) {
        Listener to = listener;
        if (to == null) {
            ReferenceCountUtil.release(message);
        } else if (message instanceof HttpObject object
                && object.decoderResult().isFailure()) {
            ReferenceCountUtil.release(message);
            listener = null;
            channel.close();
            to.onServiceGone(broken(object.decoderResult().cause()));
        } else if (message instanceof HttpResponse head) {
            to.onHead(head);
        } else if (message instanceof HttpContent content) {
            to.onContent(content);
        } else {
            to.onBytes((ByteBuf) message);
        }
    }

    private static CulvertException broken(Throwable cause) {
        return new DialException(
                ErrorCode.PROTOCOL,
                "",
                "the service's answer is not understood: " + cause.getMessage(),
                "see that the service speaks HTTP/1.1",
                false);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            if (listener == null) {
                ctx.close();
            } else {
                listener.onServiceFinished();
            }
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (listener != null) {
            listener.onServiceWritable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        held.forEach(ReferenceCountUtil::release);
        held.clear();
        Listener to = listener;
        listener = null;
        if (to != null) {
            to.onServiceGone(cause);
        }
        onIdleEnd.run();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
        if (failure instanceof CulvertException told) {
            cause = told;
        } else {
            LOG.debug("a connection to a service failed", failure);
            ctx.close();
        }
    }
}
