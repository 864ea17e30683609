package dev.culvert.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection, HTTP/1.1: requests are served one after the other; what comes before its turn waits here, bounded by one read of
 * the socket. A client that ends its half while a request is under way has given it up. Owned by the channel's loop.
 */
final class ClientSide extends ChannelInboundHandlerAdapter implements ClientLeg, Guest {
    private static final Logger LOG = LoggerFactory.getLogger(ClientSide.class);

    private final GatewayParts parts;
    private final Channel channel;
    private final ServiceConnector connector;
    private final boolean secure;
    private final HeaderRules.Origin origin;
    private final ClientEncoder encoder = new ClientEncoder();
    private final ClientPatience patience;
    private final ClientDecoder decoder;
    private final Deque<HttpObject> waiting = new ArrayDeque<>();
    private @Nullable Exchange exchange;
    private @Nullable RequestLog log;
    private boolean mayKeep;
    private boolean old;
    private boolean headWaits;
    private boolean tunnel;
    private boolean closing;
    private boolean pumping;

    private ClientSide(GatewayParts parts, Channel channel, ServiceConnector connector, boolean secure) {
        this.parts = parts;
        this.channel = channel;
        this.connector = connector;
        this.secure = secure;
        this.origin = HeaderRules.Origin.of(
                channel, connector.client(), secure, parts.options().trusted(), "1.1");
        this.patience = new ClientPatience(channel, parts.options().times(), this::onImpatience);
        this.decoder = new ClientDecoder(parts.options().limits().headBytes(), patience::onHeadBegun);
    }

    /** Puts the handlers behind {@code before}, and begins to read. On the channel's loop. */
    static void serve(ChannelHandlerContext before, GatewayParts parts, ServiceConnector connector, boolean secure) {
        Channel channel = before.channel();
        ClientSide side = new ClientSide(parts, channel, connector, secure);
        ChannelPipeline pipeline = channel.pipeline();
        String name = before.name();
        pipeline.addAfter(name, null, side);
        pipeline.addAfter(name, null, side.encoder);
        pipeline.addAfter(name, null, side.decoder);
        parts.add(side);
        side.patience.onConnected();
        channel.config().setAutoRead(true);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        patience.onProgress();
        if (closing) {
            ReferenceCountUtil.release(message);
        } else if (message instanceof HttpObject part) {
            waiting.add(part);
            pump();
        } else if (exchange != null) {
            exchange.bytes((ByteBuf) message);
            channel.config().setAutoRead(exchange.wantsBody());
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void pump() {
        if (pumping) {
            return;
        }
        pumping = true;
        while (!closing && !tunnel && !waiting.isEmpty() && isHungry()) {
            take(waiting.remove());
        }
        pumping = false;
        if (!closing) {
            // a request that is all here leaves the connection open for reading: so its end is noticed
            boolean idle = waiting.isEmpty() && (exchange == null || exchange.isRequestDone() && !tunnel);
            channel.config().setAutoRead(idle && !decoder.isFull() || isHungry());
        }
    }

    private boolean isHungry() {
        return exchange == null || exchange.wantsBody();
    }

    private void take(HttpObject part) {
        if (part instanceof HttpRequest request) {
            begin(request);
        } else if (part instanceof HttpContent content && exchange != null) {
            exchange.body(content);
        } else {
            ReferenceCountUtil.release(part); // the body of what was refused
        }
    }

    private void begin(HttpRequest request) {
        patience.onRequest();
        long nowNanos = channel.eventLoop().ticker().nanoTime();
        RequestLog newLog =
                new RequestLog(parts, request, request.protocolVersion().text(), origin.address(), nowNanos);
        log = newLog;
        old = !request.protocolVersion().equals(HttpVersion.HTTP_1_1);
        boolean sound = request.decoderResult().isSuccess();
        // behind a request to upgrade nothing is read as HTTP, whatever comes of it
        mayKeep = sound && HttpUtil.isKeepAlive(request) && Upgrades.wanted(request) == null;
        encoder.answersHead(request.method().equals(HttpMethod.HEAD));
        try {
            Backstream.Newcomer newcomer = parts.newcomer(request);
            if (newcomer != null) {
                leave(newcomer, newLog);
                return;
            }
            Exchange next = Exchange.of(
                    parts, this, request, newLog, old ? origin.withVia("1.0") : origin, channel.eventLoop());
            exchange = next;
            next.start(nowNanos);
        } catch (Rejected rejected) {
            boolean bodiless = sound
                    && !request.headers().contains(HttpHeaderNames.TRANSFER_ENCODING)
                    && HttpUtil.getContentLength(request, 0L) == 0;
            fault(rejected.fault(), bodiless && rejected.isUnderstood(), 0);
        }
    }

    /** This is no client of HTTP: its connection is another's from now on. What it says before it has an answer is thrown away. */
    private void leave(Backstream.Newcomer newcomer, RequestLog leaving) {
        leaving.admitted(newcomer.owner(), newcomer.name());
        closing = true;
        dropWaiting();
        patience.onTunnel();
        channel.eventLoop().execute(() -> {
            parts.remove(this);
            if (channel.isOpen()) {
                newcomer.enter(channel, this, leaving.requestId(), status -> endLog(status, 0, 0, null));
            }
        });
    }

    @Override
    public ServiceConnector connector() {
        return connector;
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    @Override
    public void interim(HttpResponse head) {
        if (old) {
            return;
        }
        FullHttpResponse whole = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                head.status(),
                Unpooled.EMPTY_BUFFER,
                head.headers(),
                LastHttpContent.EMPTY_LAST_CONTENT.trailingHeaders());
        channel.writeAndFlush(whole, channel.voidPromise());
    }

    @Override
    public void head(HttpResponse head, boolean delimited) {
        if (!delimited) {
            head.headers().remove(HttpHeaderNames.CONTENT_LENGTH);
            if (!old) {
                head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
            }
        }
        mayKeep &= !parts.isDraining() && (delimited || !old) && (exchange == null || !exchange.isBodyUncertain());
        connection(head);
        channel.write(head, channel.voidPromise());
        headWaits = true;
        channel.eventLoop().execute(this::flushHead);
    }

    /** A head that its body does not follow at once leaves alone: a server's first event may be late. */
    private void flushHead() {
        if (headWaits) {
            headWaits = false;
            channel.flush();
        }
    }

    private void connection(HttpResponse head) {
        if (!mayKeep) {
            head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (old) {
            head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
    }

    @Override
    public void content(HttpContent content) {
        headWaits = false;
        channel.writeAndFlush(content, channel.voidPromise());
        if (!channel.isWritable() && exchange != null) {
            exchange.onClientWritable();
        }
    }

    @Override
    public void answered(boolean requestDone, int status, long bytesIn, long bytesOut) {
        endLog(status, bytesIn, bytesOut, null);
        endExchange(mayKeep && requestDone && !tunnel);
    }

    @Override
    public void fault(HttpFault fault, boolean requestDone, long bytesIn) {
        RequestLog current = log;
        if (current == null) {
            throw new IllegalStateException("a fault without a request");
        }
        mayKeep &= requestDone && !parts.isDraining();
        FullHttpResponse page = ErrorPage.of(fault, current.accept(), parts.node(), current.requestId());
        connection(page);
        int bytes = page.content().readableBytes();
        endLog(fault.status().code(), bytesIn, bytes, fault);
        channel.writeAndFlush(page, channel.voidPromise());
        endExchange(mayKeep);
    }

    @Override
    public void cut(HttpFault fault, int status, long bytesIn, long bytesOut) {
        endLog(status, bytesIn, bytesOut, fault);
        exchange = null;
        abort();
    }

    private void endLog(int status, long bytesIn, long bytesOut, @Nullable HttpFault fault) {
        RequestLog current = log;
        log = null;
        if (current != null) {
            current.end(
                    status,
                    bytesIn,
                    bytesOut,
                    fault,
                    channel.eventLoop().ticker().nanoTime());
        }
    }

    private void endExchange(boolean keep) {
        exchange = null;
        if (keep && channel.isActive()) {
            patience.onIdle();
            pump();
        } else {
            closeSoftly();
        }
    }

    /** The client reads what was sent before the end; what it still sends is thrown away, for a while. */
    private void closeSoftly() {
        closing = true;
        dropWaiting();
        patience.onIdle();
        if (channel.pipeline().context(decoder) != null) {
            channel.pipeline().remove(decoder); // it would keep what is not read as HTTP
        }
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            if (channel instanceof DuplexChannel duplex
                    && written.isSuccess()
                    && !secure
                    && !duplex.isInputShutdown()) {
                patience.onLeaving();
                duplex.shutdownOutput();
                channel.config().setAutoRead(true);
            } else {
                channel.close();
            }
        });
    }

    /** The client sees a reset, and takes nothing for complete. */
    private void abort() {
        closing = true;
        dropWaiting();
        if (channel.isOpen() && channel.config().getOptions().containsKey(ChannelOption.SO_LINGER)) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        channel.close();
    }

    private void dropWaiting() {
        waiting.forEach(ReferenceCountUtil::release);
        waiting.clear();
    }

    @Override
    public void becomeTunnel() {
        tunnel = true;
        dropWaiting();
        patience.onTunnel();
        channel.pipeline().remove(encoder);
        channel.pipeline().remove(decoder);
    }

    @Override
    public void bytes(ByteBuf bytes) {
        channel.writeAndFlush(bytes, channel.voidPromise());
        if (!channel.isWritable() && exchange != null) {
            exchange.onClientWritable();
        }
    }

    @Override
    public void finishBytes() {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener((ChannelFutureListener) written -> {
            if (channel instanceof DuplexChannel duplex && !secure) {
                duplex.shutdownOutput();
            } else {
                channel.close();
            }
        });
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event != ChannelInputShutdownEvent.INSTANCE) {
            return;
        }
        if (tunnel && exchange != null) {
            exchange.clientFinished();
        } else {
            ctx.close();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        patience.onProgress();
        if (exchange != null) {
            exchange.onClientWritable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        closing = true;
        parts.remove(this);
        dropWaiting();
        Exchange current = exchange;
        exchange = null;
        if (current != null) {
            current.cancel();
            endLog(0, 0, 0, HttpFault.of(new HttpResponseStatus(499, "Client Closed"), "the client went away", ""));
        }
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException)) {
            LOG.warn("a client's connection failed in the gateway", cause);
        }
        ctx.close();
    }

    /** The client lets the gateway wait. */
    private void onImpatience(ClientPatience.Phase phase) {
        Exchange current = exchange;
        if (phase == ClientPatience.Phase.HEAD) {
            tooSlow();
        } else if (current == null) {
            channel.close();
        } else if (!current.isRequestDone() && current.wantsBody()) {
            mayKeep = false;
            current.fail(HttpFault.of(
                    HttpResponseStatus.REQUEST_TIMEOUT, "no more of the body came", "send it faster, or less of it"));
        } else if (!channel.isWritable()) {
            current.fail(HttpFault.of(HttpResponseStatus.REQUEST_TIMEOUT, "the client took nothing of the answer", ""));
        }
    }

    private void tooSlow() {
        mayKeep = false;
        HttpFault fault = HttpFault.of(
                HttpResponseStatus.REQUEST_TIMEOUT, "the request's head was not complete in time", "send it at once");
        channel.writeAndFlush(
                ErrorPage.of(fault, List.of(), parts.node(), parts.newRequestId()), channel.voidPromise());
        closeSoftly();
    }

    @Override
    public void drain() {
        channel.eventLoop().execute(() -> {
            if (exchange == null && !closing) {
                channel.close();
            }
        });
    }
}
