package dev.culvert.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection, HTTP/2: each stream is a request of its own ({@link Http2Request}). The codec answers for the protocol, {@link
 * Http2Codec} for its limits; here streams and requests meet. Owned by the channel's loop.
 */
final class Http2ClientSide extends Http2EventAdapter implements Guest {
    private static final Logger LOG = LoggerFactory.getLogger(Http2ClientSide.class);

    /** What is said in PING. */
    private static final long ALIVE = 1;

    private static final long LEAVING = 2;

    private final GatewayParts parts;
    private final Channel channel;
    private final ServiceConnector connector;
    private final HeaderRules.Origin origin;
    private final Http2ConnectionHandler handler;
    private final Http2Connection connection;
    private final Http2Connection.PropertyKey key;
    private final Set<Http2Request> requests = new LinkedHashSet<>();
    private final List<Http2Request> heads = new ArrayList<>();
    private final long idleNanos;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Future<?> timer;
    private long idleSinceNanos;
    private long readNanos;
    private boolean pinged;
    private boolean flushing;
    private boolean leaving;

    private Http2ClientSide(GatewayParts parts, Channel channel, ServiceConnector connector, boolean secure) {
        this.parts = parts;
        this.channel = channel;
        this.connector = connector;
        this.origin = HeaderRules.Origin.of(
                channel, connector.client(), secure, parts.options().trusted(), "2.0");
        this.handler = Http2Codec.server(this, parts.options().limits());
        this.connection = handler.connection();
        this.key = connection.newKey();
        this.idleNanos = parts.options().times().idle().toNanos();
    }

    /** Puts the handlers behind {@code before}, and begins to read. On the channel's loop. */
    static void serve(ChannelHandlerContext before, GatewayParts parts, ServiceConnector connector, boolean secure) {
        Http2ClientSide side = new Http2ClientSide(parts, before.channel(), connector, secure);
        before.pipeline().addAfter(before.name(), null, side.new Ends());
        before.pipeline().addAfter(before.name(), null, side.handler);
        side.start(before.pipeline().context(side.handler));
    }

    private void start(ChannelHandlerContext own) {
        context = own;
        connection.addListener(this);
        handler.encoder().flowController().listener(stream -> {
            Http2Request request = stream.getProperty(key);
            if (request != null) {
                request.onWritability();
            }
        });
        int streams = parts.options().limits().streams();
        Http2Codec.openConnectionWindow(handler, Math.multiplyExact(streams, Http2Codec.STREAM_WINDOW_BYTES));
        parts.add(this);
        idleSinceNanos = nowNanos();
        readNanos = idleSinceNanos;
        long period = Math.max(1, idleNanos / 4);
        timer = loop().scheduleWithFixedDelay(this::look, period, period, TimeUnit.NANOSECONDS);
        channel.config().setAutoRead(true);
        channel.flush();
    }

    private ChannelHandlerContext context() {
        ChannelHandlerContext own = context;
        if (own == null) {
            throw new IllegalStateException("not started");
        }
        return own;
    }

    /** Clients that say nothing, take nothing, or are not there any more: streams may be silent, connections answer. */
    private void look() {
        long now = nowNanos();
        if (requests.isEmpty() && now - idleSinceNanos >= idleNanos) {
            channel.close();
            return;
        }
        List.copyOf(requests).forEach(request -> request.look(now, idleNanos));
        if (now - readNanos < idleNanos) {
            return;
        }
        if (pinged) {
            context().close();
        } else {
            pinged = true;
            ping(ALIVE);
        }
    }

    private void ping(long data) {
        handler.encoder().writePing(context(), false, data, context().newPromise());
        channel.flush();
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx,
            int streamId,
            Http2Headers headers,
            int dependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean end)
            throws Http2Exception {
        Http2Stream stream = connection.stream(streamId);
        Http2Request present = stream.getProperty(key);
        if (present != null) {
            present.onTrailers(trailers(streamId, headers));
        } else {
            begin(stream, headers, end);
        }
    }

    private static HttpHeaders trailers(int streamId, Http2Headers headers) throws Http2Exception {
        try {
            HttpHeaders trailers = new DefaultHttpHeaders();
            Http2Heads.trailers(headers, trailers);
            return trailers;
        } catch (IllegalArgumentException malformed) {
            throw Http2Exception.streamError(streamId, Http2Error.PROTOCOL_ERROR, malformed, malformed.getMessage());
        }
    }

    private void begin(Http2Stream stream, Http2Headers headers, boolean end) throws Http2Exception {
        HttpRequest request;
        try {
            request = Http2Heads.request(headers, end);
            if (Http2Tunnels.isWanted(headers)) {
                Http2Tunnels.key(request, parts.random());
            }
        } catch (IllegalArgumentException malformed) {
            throw Http2Exception.streamError(stream.id(), Http2Error.PROTOCOL_ERROR, malformed, malformed.getMessage());
        }
        RequestLog log = new RequestLog(parts, request, "HTTP/2.0", origin.address(), nowNanos());
        Http2Request begun = new Http2Request(this, stream, request, log);
        stream.setProperty(key, begun);
        requests.add(begun);
        begun.begin(parts, request, origin);
        if (end || Http2Tunnels.isWanted(headers)) {
            begun.onBodiless();
        }
    }

    @Override
    public int onDataRead(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean end) {
        Http2Request request = connection.stream(streamId).getProperty(key);
        return padding + (request == null ? data.readableBytes() : request.onData(data, end));
    }

    @Override
    public void onStreamClosed(Http2Stream stream) {
        Http2Request request = stream.removeProperty(key);
        if (request == null) {
            return;
        }
        requests.remove(request);
        request.onClosed();
        idleSinceNanos = nowNanos();
        if (leaving && requests.isEmpty()) {
            channel.close();
        }
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext ctx, long data) {
        if (leaving && data == LEAVING) {
            lastGoAway();
        }
    }

    /**
     * Any thread. Tells the client to open no more streams; what it has opened meanwhile is served, and the connection ends with the last of
     * them. RFC 9113, 6.8: first a GOAWAY that names no stream, and when the client has seen it, one that names the last.
     */
    @Override
    public void drain() {
        loop().execute(() -> {
            if (leaving || !channel.isActive()) {
                return;
            }
            leaving = true;
            if (requests.isEmpty()) {
                channel.close();
                return;
            }
            goAway(Integer.MAX_VALUE);
            ping(LEAVING);
        });
    }

    private void lastGoAway() {
        goAway(connection.remote().lastStreamCreated());
        flushSoon();
    }

    private void goAway(int last) {
        handler.goAway(
                context(),
                last,
                Http2Error.NO_ERROR.code(),
                Unpooled.EMPTY_BUFFER,
                context().newPromise());
    }

    /** Whether more would leave at once. */
    boolean isWritable(Http2Stream stream) {
        return handler.encoder().flowController().isWritable(stream);
    }

    /** The service has taken so much of the request: the client may send as much again. */
    void consumed(Http2Stream stream, int bytes) {
        try {
            if (bytes > 0 && connection.local().flowController().consumeBytes(stream, bytes)) {
                flushSoon();
            }
        } catch (Http2Exception e) {
            handler.onError(context(), true, e);
        }
    }

    ChannelFuture writeHeaders(Http2Stream stream, Http2Headers headers, boolean end) {
        return handler.encoder()
                .writeHeaders(context(), stream.id(), headers, 0, end, context().newPromise());
    }

    /** The reference is consumed. */
    ChannelFuture writeData(Http2Stream stream, ByteBuf data, boolean end) {
        return handler.encoder()
                .writeData(context(), stream.id(), data, 0, end, context().newPromise());
    }

    void reset(Http2Stream stream, Http2Error error) {
        handler.encoder()
                .writeRstStream(context(), stream.id(), error.code(), context().newPromise());
        flushSoon();
    }

    /** All is said; a client that still sends its body learns, behind the answer, that nobody reads it. RFC 9113, 8.1 */
    void endStream(Http2Stream stream, @Nullable ChannelFuture lastWrite) {
        if (lastWrite != null) {
            lastWrite.addListener(written -> {
                if (stream.state() == Http2Stream.State.HALF_CLOSED_LOCAL) {
                    reset(stream, Http2Error.NO_ERROR);
                }
            });
        }
    }

    /** Once for all that is written before the loop comes to it. */
    void flushSoon() {
        if (!flushing) {
            flushing = true;
            loop().execute(() -> {
                flushing = false;
                List<Http2Request> waiting = List.copyOf(heads);
                heads.clear();
                waiting.forEach(Http2Request::onFlush);
                handler.flush(context());
            });
        }
    }

    /** The request has a head to write then. */
    void flushSoon(Http2Request request) {
        heads.add(request);
        flushSoon();
    }

    ServiceConnector connector() {
        return connector;
    }

    EventLoop loop() {
        return channel.eventLoop();
    }

    ByteBufAllocator alloc() {
        return channel.alloc();
    }

    String node() {
        return parts.node();
    }

    long nowNanos() {
        return loop().ticker().nanoTime();
    }

    /** Behind the codec: what it leaves over. */
    private final class Ends extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == ChannelInputShutdownEvent.INSTANCE) {
                context().close(); // a client that has ended its half can say nothing about its streams any more
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            readNanos = nowNanos(); // the codec has flushed
            pinged = false;
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            parts.remove(Http2ClientSide.this);
            if (timer != null) {
                timer.cancel(false);
            }
            ctx.fireChannelInactive();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            LOG.debug("a client's connection failed in the gateway", cause);
            context().close();
        }
    }
}
