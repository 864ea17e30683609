package dev.culvert.gateway;

import dev.culvert.api.CulvertException;
import dev.culvert.api.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpScheme;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to a service, HTTP/2 with prior knowledge (or agreed on by the service's node, where there is TLS): one stream at a time, so that each request has a culvert stream of its own and
 * waits for no other. Owned by its channel's loop.
 */
final class Http2ServiceSide extends Http2EventAdapter implements ServiceLeg {
    private static final Logger LOG = LoggerFactory.getLogger(Http2ServiceSide.class);

    private static final long NO_STREAMS = Http2Error.REFUSED_STREAM.code();

    private final Channel channel;
    private final Http2ConnectionHandler handler;
    private final Http2Connection connection;
    private final Http2Inbox inbox;
    private final Http2ServiceOutput output;
    private final HttpScheme scheme;
    private @Nullable Listener listener;
    private @Nullable CulvertException cause;
    private Runnable onIdleEnd = () -> {};
    private boolean begun;
    private boolean answersHead;
    private boolean bodiless;
    private boolean ended;
    private boolean used;
    private boolean paused;
    private boolean pumping;
    private boolean refused;
    private boolean leaving;
    private @Nullable HttpRequest opening;
    private String key = "";
    private boolean refusesTunnels;
    private boolean tunnel;
    private boolean finished;

    /** @param tls the service's node speaks TLS to it */
    Http2ServiceSide(Channel channel, int maxHeadBytes, boolean tls) {
        this.channel = channel;
        this.scheme = tls ? HttpScheme.HTTPS : HttpScheme.HTTP;
        this.handler = Http2Codec.client(this, maxHeadBytes);
        this.connection = handler.connection();
        this.inbox = new Http2Inbox(channel.alloc());
        this.output = new Http2ServiceOutput(channel, handler);
        connection.addListener(this);
        handler.encoder().flowController().listener(this::onWritability);
        channel.pipeline().addLast(handler, new Ends());
    }

    private ChannelHandlerContext context() {
        return channel.pipeline().context(handler);
    }

    @Override
    public void take(Listener newListener, HttpMethod method) {
        if (!begun) {
            begun = true;
            Http2Codec.openConnectionWindow(handler, Http2Codec.SERVICE_WINDOW_BYTES);
        }
        listener = newListener;
        onIdleEnd = () -> {};
        paused = false;
        ended = false;
        bodiless = false;
        tunnel = false;
        finished = false;
        key = "";
        answersHead = method.equals(HttpMethod.HEAD);
        output.next();
    }

    @Override
    public void rest(Runnable onEnd) {
        listener = null;
        used = true;
        onIdleEnd = onEnd;
    }

    @Override
    public boolean isUsed() {
        return used;
    }

    @Override
    public boolean isRefused() {
        return refused;
    }

    @Override
    public boolean refusesTunnels() {
        return refusesTunnels;
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public boolean isReusable() {
        return channel.isOpen() && !leaving;
    }

    @Override
    public boolean isWritable() {
        return ended && !tunnel || output.isWritable();
    }

    @Override
    public void send(HttpRequest head) {
        ended = !HttpUtil.isTransferEncodingChunked(head) && HttpUtil.getContentLength(head, 0L) == 0;
        if (Upgrades.isWanted(head)) {
            opening = head; // until the service says whether it takes such
        } else {
            begin(Http2Heads.toService(head, scheme), ended);
        }
    }

    private void begin(Http2Headers head, boolean end) {
        output.write(head, end).addListener(written -> {
            if (!written.isSuccess()) {
                end(
                        cause == null
                                ? ServiceFault.told(ErrorCode.BUSY, "the service takes no request", NO_STREAMS)
                                : cause);
            }
        });
    }

    /** RFC 8441, 3: nobody may open a tunnel before the service has said so. */
    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) {
        HttpRequest head = opening;
        opening = null;
        if (head == null || listener == null) {
            return;
        }
        if (Boolean.TRUE.equals(settings.connectProtocolEnabled())) {
            key = head.headers().get(HttpHeaderNames.SEC_WEBSOCKET_KEY, "");
            begin(Http2Tunnels.toService(head, scheme), false);
            flush();
        } else {
            refusesTunnels = true;
            end(null);
        }
    }

    @Override
    public void send(HttpContent content) {
        if (ended) {
            content.release(); // nothing follows such a head
        } else {
            output.write(content);
        }
    }

    @Override
    public void send(ByteBuf bytes) {
        output.write(bytes);
    }

    @Override
    public void flush() {
        output.flush();
    }

    @Override
    public void pause() {
        paused = true;
    }

    @Override
    public void resume() {
        paused = false;
        pump();
    }

    @Override
    public void stopEncoding() {
        tunnel = true;
    }

    /** The stream's frames stay; what is in them is told as bytes. */
    @Override
    public void stopDecoding() {
        stopEncoding();
    }

    @Override
    public void finish() {
        if (tunnel) {
            output.finish();
        } else {
            close();
        }
    }

    @Override
    public void leave() {
        listener = null;
        StreamChannel.closeWithin(channel, LEAVE_MILLIS);
        output.leave();
    }

    @Override
    public void close() {
        listener = null;
        inbox.clear();
        ChannelHandlerContext own = context();
        if (own == null || !channel.isRegistered()) {
            channel.close();
        } else {
            own.close(); // past the codec: whoever gives a request up does not wait for GOAWAY
        }
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx,
            int id,
            Http2Headers headers,
            int dependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean end)
            throws Http2Exception {
        Listener to = listener;
        if (to == null || id != output.streamId()) {
            return;
        }
        Http2Stream stream = connection.stream(id);
        try {
            if (stream.isTrailersReceived()) {
                HttpHeaders trailers = new DefaultHttpHeaders();
                Http2Heads.trailers(headers, trailers);
                inbox.end(trailers);
            } else {
                HttpResponse head = Http2Heads.answer(headers);
                if (end && head.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
                    throw new IllegalArgumentException("an interim head with the end of the stream");
                }
                head(to, key.isEmpty() ? head : Http2Tunnels.answer(head, key), end);
            }
        } catch (IllegalArgumentException malformed) {
            cause = ServiceFault.broken(String.valueOf(malformed.getMessage()), "HTTP/2");
            throw Http2Exception.streamError(id, Http2Error.PROTOCOL_ERROR, malformed, malformed.getMessage());
        }
        pump();
    }

    private void head(Listener to, HttpResponse head, boolean end) {
        bodiless = answersHead || Http2Heads.isBodiless(head.status());
        to.onHead(head);
        leaving |= !key.isEmpty(); // a tunnel ends with its connection, and the half of one that was refused stays open
        if (head.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
            to.onContent(LastHttpContent.EMPTY_LAST_CONTENT);
        }
        if (end) {
            inbox.end();
        }
    }

    @Override
    public int onDataRead(ChannelHandlerContext ctx, int id, ByteBuf data, int padding, boolean end)
            throws Http2Exception {
        Listener to = listener;
        int bytes = data.readableBytes();
        if (to == null || id != output.streamId()) {
            return padding + bytes;
        }
        if (bodiless && bytes > 0) {
            cause = ServiceFault.broken("a body where none belongs", "HTTP/2");
            throw Http2Exception.streamError(id, Http2Error.PROTOCOL_ERROR, "a body where none belongs");
        }
        if (!paused && !pumping && inbox.isEmpty()) {
            deliver(to, end ? new DefaultLastHttpContent(data.retain()) : new DefaultHttpContent(data.retain()));
            return padding + bytes;
        }
        inbox.add(data);
        if (end) {
            inbox.end();
        }
        return padding;
    }

    private void pump() {
        if (pumping) {
            return;
        }
        pumping = true;
        for (Listener to = listener; to != null && !paused && !inbox.isEmpty(); to = listener) {
            HttpContent next = inbox.next();
            if (next != null) {
                consumed(next.content().readableBytes());
                deliver(to, next);
            }
        }
        pumping = false;
    }

    private void deliver(Listener to, HttpContent content) {
        if (!tunnel) {
            to.onContent(content);
            return;
        }
        to.onBytes(content.content());
        if (content instanceof LastHttpContent) {
            finished = true;
            to.onServiceFinished();
        }
    }

    private void consumed(int bytes) {
        Http2Stream stream = connection.stream(output.streamId());
        try {
            if (bytes > 0
                    && stream != null
                    && connection.local().flowController().consumeBytes(stream, bytes)) {
                flush();
            }
        } catch (Http2Exception e) {
            handler.onError(context(), true, e);
        }
    }

    private void onWritability(Http2Stream stream) {
        if (listener != null && stream.id() == output.streamId()) {
            listener.onServiceWritable();
        }
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext ctx, int id, long code) {
        if (id == output.streamId()) {
            refused = code == Http2Error.REFUSED_STREAM.code();
            cause = ServiceFault.told(
                    refused ? ErrorCode.BUSY : ErrorCode.PROTOCOL, "the service reset the request", code);
        }
    }

    @Override
    public void onGoAwayReceived(int last, long code, ByteBuf text) {
        leaving = true;
        if (listener == null) {
            close();
        } else if (last < output.streamId()) {
            refused = true;
            cause = ServiceFault.told(
                    ErrorCode.DRAINING, "the service takes no more requests on this connection", code);
        }
    }

    /** The codec has found a fault in what the service says. */
    @Override
    public void onGoAwaySent(int last, long code, ByteBuf text) {
        leaving = true;
        if (code != Http2Error.NO_ERROR.code() && cause == null) {
            cause = ServiceFault.broken(new String(ByteBufUtil.getBytes(text), StandardCharsets.UTF_8), "HTTP/2");
        }
    }

    @Override
    public void onStreamClosed(Http2Stream stream) {
        boolean whole = finished && cause == null;
        if (stream.id() == output.streamId() && !isComplete() && !whole) {
            end(cause);
        }
    }

    private void end(@Nullable CulvertException why) {
        Listener to = listener;
        listener = null;
        if (to != null) {
            leaving = true;
            to.onServiceGone(why);
            close();
        }
    }

    /** Whether the whole answer is here, and only the client has not taken it yet. */
    private boolean isComplete() {
        return cause == null && inbox.isEnded();
    }

    /** Behind the codec: what it leaves over. */
    private final class Ends extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == ChannelInputShutdownEvent.INSTANCE) {
                context().close();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            Listener to = listener;
            if (to == null || !isComplete()) {
                listener = null;
                inbox.clear();
            }
            if (to != null && listener == null) {
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
                context().close();
            }
        }
    }
}
