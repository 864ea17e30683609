package dev.culvert.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import org.jspecify.annotations.Nullable;

/**
 * One request on a stream of HTTP/2. What comes before the service wants it waits within the stream's window, which is opened again only
 * as bytes go on: so a slow service slows its own stream. Owned by the connection's loop.
 */
final class Http2Request implements ClientLeg {
    private final Http2ClientSide side;
    private final Http2Stream stream;
    private final RequestLog log;
    private final Http2Inbox inbox;
    private final boolean grpc;
    private final boolean answersHead;
    private @Nullable Exchange exchange;
    private @Nullable Http2Headers held;
    private @Nullable ChannelFuture lastWrite;
    private long progressNanos;
    private boolean headWritten;
    private boolean tunnel;
    private boolean over;
    private boolean pumping;

    Http2Request(Http2ClientSide side, Http2Stream stream, HttpRequest request, RequestLog log) {
        this.side = side;
        this.stream = stream;
        this.log = log;
        this.inbox = new Http2Inbox(side.alloc());
        this.grpc = Grpc.isCall(request.headers());
        this.answersHead = request.method().equals(HttpMethod.HEAD);
        this.progressNanos = side.nowNanos();
    }

    /** Routed, admitted and begun, or answered with what is wrong. */
    void begin(GatewayParts parts, HttpRequest request, HeaderRules.Origin origin) {
        try {
            Exchange next = Exchange.of(parts, this, request, log, origin, side.loop());
            exchange = next;
            next.start(progressNanos);
        } catch (Rejected rejected) {
            fault(rejected.fault(), false, 0);
        }
    }

    /** More of the body; the reference stays the caller's. How much of it is used already. */
    int onData(ByteBuf data, boolean end) {
        progressNanos = side.nowNanos();
        int bytes = data.readableBytes();
        if (over) {
            return bytes;
        }
        Exchange current = exchange;
        if (inbox.isEmpty() && !pumping && !tunnel && current != null && current.wantsBody()) {
            current.body(end ? new DefaultLastHttpContent(data.retain()) : new DefaultHttpContent(data.retain()));
            return bytes;
        }
        inbox.add(data);
        if (end) {
            inbox.end();
        }
        pump();
        return 0;
    }

    void onTrailers(HttpHeaders trailers) {
        progressNanos = side.nowNanos();
        inbox.end(trailers);
        pump();
    }

    /** Nothing follows the head. */
    void onBodiless() {
        inbox.end();
        pump();
    }

    @Override
    public void pump() {
        if (pumping) {
            return;
        }
        pumping = true;
        for (Exchange current = exchange;
                current != null && !inbox.isEmpty() && current.wantsBody();
                current = exchange) {
            HttpContent next = inbox.next();
            if (next != null) {
                side.consumed(stream, next.content().readableBytes());
                pass(current, next);
            }
        }
        pumping = false;
    }

    private void pass(Exchange to, HttpContent content) {
        if (!tunnel) {
            to.body(content);
        } else if (content instanceof LastHttpContent) {
            content.release();
            to.clientFinished();
        } else {
            to.bytes(content.content());
        }
    }

    /** The client's window has grown, or the connection's buffer has emptied; or the contrary. */
    void onWritability() {
        progressNanos = side.nowNanos();
        if (exchange != null) {
            exchange.onClientWritable();
        }
    }

    @Override
    public ServiceConnector connector() {
        return side.connector();
    }

    @Override
    public boolean isWritable() {
        return side.isWritable(stream);
    }

    @Override
    public void interim(HttpResponse head) {
        if (head.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
            writeHead(Http2Tunnels.accepted(head), false);
        } else {
            side.writeHeaders(stream, Http2Heads.response(head), false);
        }
        side.flushSoon();
    }

    @Override
    public void head(HttpResponse head, boolean delimited) {
        if (!delimited) {
            head.headers().remove(HttpHeaderNames.CONTENT_LENGTH);
        }
        held = Http2Heads.response(head); // an answer without a body ends with its head: that is seen in a moment
        side.flushSoon(this);
    }

    /** What was held for the sake of its end need not be any longer. */
    void onFlush() {
        writeHeld(false);
    }

    private void writeHeld(boolean end) {
        Http2Headers head = held;
        held = null;
        if (head != null) {
            writeHead(head, end);
        }
    }

    private void writeHead(Http2Headers head, boolean end) {
        headWritten = true;
        lastWrite = side.writeHeaders(stream, head, end);
    }

    @Override
    public void content(HttpContent content) {
        progressNanos = side.nowNanos();
        HttpHeaders trailers = content instanceof LastHttpContent last ? last.trailingHeaders() : null;
        boolean ends = trailers != null && trailers.isEmpty();
        if (ends && held != null && !content.content().isReadable()) {
            content.release();
            writeHeld(true);
        } else {
            writeHeld(false);
            write(content.content(), ends);
        }
        if (trailers != null && !ends) {
            lastWrite = side.writeHeaders(stream, Http2Heads.fields(trailers), true);
        }
        side.flushSoon();
        if (exchange != null && !isWritable()) {
            exchange.onClientWritable();
        }
    }

    private void write(ByteBuf data, boolean end) {
        if (data.isReadable() || end) {
            lastWrite = side.writeData(stream, data, end);
        } else {
            data.release();
        }
    }

    @Override
    public void answered(boolean requestDone, int status, long bytesIn, long bytesOut) {
        end(status, bytesIn, bytesOut, null);
        side.endStream(stream, lastWrite);
    }

    @Override
    public void fault(HttpFault fault, boolean requestDone, long bytesIn) {
        int bytes = 0;
        if (grpc) {
            writeHead(Grpc.trailersOnly(fault, log.requestId()), true);
        } else {
            FullHttpResponse page = ErrorPage.of(fault, log.accept(), side.node(), log.requestId());
            bytes = page.content().readableBytes();
            writeHead(Http2Heads.response(page), answersHead);
            if (answersHead) {
                page.release();
            } else {
                write(page.content(), true);
            }
        }
        end(fault.status().code(), bytesIn, bytes, fault);
        side.flushSoon();
        side.endStream(stream, lastWrite);
    }

    @Override
    public void cut(HttpFault fault, int status, long bytesIn, long bytesOut) {
        end(status, bytesIn, bytesOut, fault);
        if (!grpc) {
            side.reset(stream, Http2Error.INTERNAL_ERROR);
            return;
        }
        boolean whole = !headWritten;
        held = null;
        lastWrite = side.writeHeaders(
                stream, whole ? Grpc.trailersOnly(fault, log.requestId()) : Grpc.trailers(fault), true);
        side.flushSoon();
        side.endStream(stream, lastWrite);
    }

    private void end(int status, long bytesIn, long bytesOut, @Nullable HttpFault fault) {
        if (!over) {
            over = true;
            exchange = null;
            inbox.clear();
            log.end(status, bytesIn, bytesOut, fault, side.nowNanos());
        }
    }

    @Override
    public void becomeTunnel() {
        tunnel = true;
        pump();
    }

    @Override
    public void bytes(ByteBuf bytes) {
        progressNanos = side.nowNanos();
        write(bytes, false);
        side.flushSoon();
        if (exchange != null && !isWritable()) {
            exchange.onClientWritable();
        }
    }

    @Override
    public void finishBytes() {
        write(Unpooled.EMPTY_BUFFER, true);
        side.flushSoon();
    }

    /** The stream is closed: by the client, or with its connection, or since all is said. */
    void onClosed() {
        Exchange current = exchange;
        held = null;
        end(0, 0, 0, HttpFault.of(new HttpResponseStatus(499, "Client Closed"), "the client went away", ""));
        if (current != null) {
            current.cancel();
        }
    }

    /** Gives up a client that lets the gateway wait for longer than {@code idleNanos}; a call of gRPC may have nothing to say for as long. */
    void look(long nowNanos, long idleNanos) {
        if (nowNanos - progressNanos < idleNanos) {
            return;
        }
        progressNanos = nowNanos;
        Exchange current = exchange;
        if (over) {
            side.reset(stream, Http2Error.CANCEL); // all is said, and the client does not take it
        }
        if (current == null || tunnel) {
            return;
        }
        boolean silent = !current.isRequestDone() && current.wantsBody();
        if (silent && !grpc) {
            current.fail(HttpFault.of(
                    HttpResponseStatus.REQUEST_TIMEOUT, "no more of the body came", "send it faster, or less of it"));
        } else if (!isWritable()) {
            current.fail(HttpFault.of(HttpResponseStatus.REQUEST_TIMEOUT, "the client took nothing of the answer", ""));
        }
    }
}
