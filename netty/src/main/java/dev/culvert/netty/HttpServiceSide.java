package dev.culvert.netty;

import dev.culvert.api.CulvertException;
import dev.culvert.api.StreamResetException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One caller's connection to an {@link HttpService}: gathers a request, has it answered, then reads the next. Owned by the channel's loop.
 *
 * <pre>
 * HEAD       a head                          GATHERING
 * GATHERING  the body's end: to the handler  ANSWERING;   too much: refused   OVER
 * ANSWERING  the answer is written           HEAD, or OVER without keep-alive
 * OVER       what still comes is thrown away until the channel closes
 * </pre>
 */
final class HttpServiceSide extends ChannelInboundHandlerAdapter {
    /** The event that says: no more requests. */
    static final Object LEAVE = new Object();

    private static final Logger LOG = LoggerFactory.getLogger(HttpServiceSide.class);

    private final CulvertChannel channel;
    private final HttpServiceOptions options;
    private final HttpLoad load;
    private final HttpHandler handler;
    private State state = State.HEAD;
    private @Nullable HttpRequest head;
    private @Nullable ByteArrayOutputStream body;
    private @Nullable CompletableFuture<FullHttpResponse> answer;
    private int held;
    private boolean leaving;

    private enum State {
        HEAD,
        GATHERING,
        ANSWERING,
        OVER
    }

    HttpServiceSide(CulvertChannel channel, HttpServiceOptions options, HttpLoad load, HttpHandler handler) {
        this.channel = channel;
        this.options = options;
        this.load = load;
        this.handler = handler;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (state == State.OVER) {
                return;
            }
            if (message instanceof HttpObject part && part.decoderResult().isFailure()) {
                onMalformed(part.decoderResult().cause());
            } else if (message instanceof HttpRequest request) {
                begin(request);
            } else if (message instanceof HttpContent content && state == State.GATHERING) {
                gather(content);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void onMalformed(Throwable cause) {
        boolean line = cause instanceof TooLongHttpLineException;
        boolean fields = cause instanceof TooLongHttpHeaderException;
        HttpResponseStatus status = line
                ? HttpResponseStatus.REQUEST_URI_TOO_LONG
                : fields ? HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE : HttpResponseStatus.BAD_REQUEST;
        refuse(HttpLoad.answer(status, "the request is not understood (expected: HTTP/1.1 as RFC 9112 says)"));
    }

    private void begin(HttpRequest request) {
        head = request;
        if (HttpUtil.getContentLength(request, 0L) > options.bodyBytes()) {
            refuse(tooLarge());
            return;
        }
        state = State.GATHERING;
        body = new ByteArrayOutputStream();
        if (HttpUtil.is100ContinueExpected(request)) {
            channel.writeAndFlush(new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
        }
    }

    private FullHttpResponse tooLarge() {
        return HttpLoad.answer(
                HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
                "a body of more than " + options.bodyBytes() + " bytes (expected: at most as many)");
    }

    private void gather(HttpContent content) {
        HttpRequest request = head;
        ByteArrayOutputStream gathered = body;
        if (request == null || gathered == null) {
            throw new IllegalStateException("a body without a head");
        }
        ByteBuf bytes = content.content();
        int count = bytes.readableBytes();
        if (count > options.bodyBytes() - gathered.size()) {
            refuse(tooLarge());
            return;
        }
        if (!load.hold(count)) {
            refuse(HttpLoad.overloaded("the service holds as many bytes of bodies as it may"));
            return;
        }
        held += count;
        copy(bytes, gathered);
        if (content instanceof LastHttpContent) {
            ask(request, gathered.toByteArray());
        }
    }

    private static void copy(ByteBuf from, ByteArrayOutputStream to) {
        try {
            from.readBytes(to, from.readableBytes());
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** What comes from now on waits in front until this one is answered. */
    private void ask(HttpRequest request, byte[] content) {
        state = State.ANSWERING;
        body = null;
        channel.config().setAutoRead(false);
        if (!load.begin()) {
            finish(request, HttpLoad.overloaded("the service has as many requests at once as it may"));
            return;
        }
        CompletableFuture<FullHttpResponse> asked = handle(whole(request, content));
        answer = asked;
        asked.whenComplete((response, failure) -> {
            load.end();
            if (channel.eventLoop().inEventLoop()) {
                onAnswer(request, response, failure);
            } else {
                channel.eventLoop().execute(() -> onAnswer(request, response, failure));
            }
        });
    }

    private static FullHttpRequest whole(HttpRequest request, byte[] content) {
        return new DefaultFullHttpRequest(
                request.protocolVersion(),
                request.method(),
                request.uri(),
                Unpooled.wrappedBuffer(content),
                request.headers(),
                EmptyHttpHeaders.INSTANCE);
    }

    private CompletableFuture<FullHttpResponse> handle(FullHttpRequest request) {
        try {
            return handler.handle(request, channel.principal()).toCompletableFuture();
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void onAnswer(HttpRequest request, @Nullable FullHttpResponse response, @Nullable Throwable failure) {
        answer = null;
        if (state != State.ANSWERING || !channel.isOpen()) {
            ReferenceCountUtil.release(response);
            return;
        }
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (response != null) {
            finish(request, response);
        } else if (cause instanceof CulvertException told) {
            state = State.OVER;
            channel.reset(told.code().number());
        } else {
            LOG.warn("The handler of {} {} failed", request.method(), path(request.uri()), cause);
            finish(request, HttpLoad.answer(HttpResponseStatus.INTERNAL_SERVER_ERROR, "the service's handler failed"));
        }
    }

    /** Without the query, which may hold secrets. */
    private static String path(String uri) {
        int mark = uri.indexOf('?');
        return mark < 0 ? uri : uri.substring(0, mark);
    }

    private void finish(HttpRequest request, FullHttpResponse response) {
        int bytes = response.content().readableBytes();
        if (load.hold(bytes)) {
            held += bytes;
            write(request, response);
        } else {
            response.release();
            write(request, HttpLoad.overloaded("the service holds as many bytes of bodies as it may"));
        }
    }

    private void write(HttpRequest request, FullHttpResponse response) {
        frame(request, response);
        boolean keep = !leaving && HttpUtil.isKeepAlive(request) && HttpUtil.isKeepAlive(response);
        response.headers().set(HttpHeaderNames.CONNECTION, keep ? HttpHeaderValues.KEEP_ALIVE : HttpHeaderValues.CLOSE);
        state = keep ? State.HEAD : State.OVER;
        channel.writeAndFlush(response).addListener(written -> {
            letGo();
            if (!keep || !written.isSuccess()) {
                channel.close();
            } else {
                channel.config().setAutoRead(true);
            }
        });
    }

    /** Says how long the body is, where that is not said by what the answer is. RFC 9110, 8.6 */
    private static void frame(HttpRequest request, FullHttpResponse response) {
        int code = response.status().code();
        boolean none = code == 204 || code == 304;
        boolean head = request.method().equals(HttpMethod.HEAD);
        if (none || head) {
            response.content().clear();
        }
        response.headers().remove(HttpHeaderNames.TRANSFER_ENCODING);
        if (code == 204) {
            response.headers().remove(HttpHeaderNames.CONTENT_LENGTH);
        }
        if (!none && !(head && response.headers().contains(HttpHeaderNames.CONTENT_LENGTH))) {
            response.headers()
                    .setInt(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
        }
    }

    /** Without the rest of the request, so nothing can follow it. */
    private void refuse(FullHttpResponse response) {
        state = State.OVER;
        body = null;
        response.headers()
                .setInt(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
        response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        channel.writeAndFlush(response).addListener(written -> channel.close());
        letGo();
    }

    private void letGo() {
        load.release(held);
        held = 0;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == LEAVE) {
            leaving = true;
            if (state == State.HEAD) {
                ctx.close();
            }
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        state = State.OVER;
        body = null;
        letGo();
        CompletableFuture<FullHttpResponse> asked = answer;
        answer = null;
        if (asked != null) {
            asked.cancel(true);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof StreamResetException)) {
            LOG.warn("a caller's connection failed", cause);
        }
        ctx.close();
    }
}
