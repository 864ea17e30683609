package dev.culvert.gateway;

import dev.culvert.api.CulvertException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
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
final class ServiceSide extends ChannelInboundHandlerAdapter implements ServiceLeg {
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
    /** What comes before the end of this read was sent before the request at hand. */
    private boolean reading;

    private boolean early;

    ServiceSide(Channel channel, int maxHeadBytes) {
        this.channel = channel;
        this.decoder = new ServiceDecoder(maxHeadBytes);
        channel.pipeline().addLast(decoder, encoder, this);
    }

    @Override
    public void take(Listener newListener, HttpMethod method) {
        listener = newListener;
        early = reading;
        onIdleEnd = () -> {};
        decoder.answersHead(method.equals(HttpMethod.HEAD));
    }

    @Override
    public void rest(Runnable onEnd) {
        listener = null;
        used = true;
        onIdleEnd = onEnd;
        if (!held.isEmpty()) {
            channel.close(); // an answer too many
        }
    }

    @Override
    public boolean isUsed() {
        return used;
    }

    @Override
    public boolean isRefused() {
        return false; // HTTP/1.1 cannot say so
    }

    @Override
    public boolean refusesTunnels() {
        return false; // its answer says so
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public boolean isReusable() {
        return channel.isOpen();
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    @Override
    public void send(HttpRequest head) {
        channel.write(head, channel.voidPromise());
    }

    @Override
    public void send(HttpContent content) {
        channel.write(content, channel.voidPromise());
    }

    @Override
    public void send(ByteBuf bytes) {
        channel.writeAndFlush(bytes, channel.voidPromise());
    }

    @Override
    public void flush() {
        channel.flush();
    }

    @Override
    public void pause() {
        paused = true;
        channel.config().setAutoRead(false);
    }

    @Override
    public void resume() {
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

    @Override
    public void stopEncoding() {
        channel.pipeline().remove(encoder);
    }

    @Override
    public void stopDecoding() {
        channel.pipeline().remove(decoder);
    }

    @Override
    public void finish() {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            if (channel instanceof StreamChannel stream) {
                stream.finishOutput();
            }
        });
    }

    @Override
    public void leave() {
        listener = null;
        StreamChannel.closeWithin(channel, LEAVE_MILLIS);
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void close() {
        listener = null;
        channel.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        reading = true;
        if (listener == null || early) {
            ReferenceCountUtil.release(message);
            LOG.debug("a service spoke without being asked: its connection is closed");
            ctx.close();
        } else if (paused || !held.isEmpty()) {
            held.add(message);
        } else {
            deliver(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        boolean unasked = (listener == null || early) && !decoder.isEmpty();
        reading = false;
        early = false;
        if (unasked) {
            ctx.close();
        }
        ctx.fireChannelReadComplete();
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
            to.onServiceGone(ServiceFault.broken(
                    String.valueOf(object.decoderResult().cause().getMessage()), "HTTP/1.1"));
        } else if (message instanceof HttpResponse head) {
            to.onHead(head);
        } else if (message instanceof HttpContent content) {
            to.onContent(content);
        } else {
            to.onBytes((ByteBuf) message);
        }
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
