package dev.culvert.link.transport;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What HTTP finds at a link port: a WebSocket upgrade at one path, and for all else one line that says what this is. [LINK-4] [LINK-5] Owned
 * by its channel's event loop.
 */
final class HttpDoor extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final int MAX_LINE = 2048;
    private static final int MAX_HEADERS = 8192;
    private static final int MAX_CHUNK = 4096;
    private static final int MAX_CONTENT = 1024;
    private static final String WHAT = "This is a Culvert link port: nodes link here over TLS or by WebSocket at "
            + Endpoint.WEBSOCKET_PATH + "; it serves no pages.";

    private final boolean upgradesPermitted;
    private final Set<String> origins;
    private final Runnable upgraded;

    private HttpDoor(boolean upgradesPermitted, Set<String> origins, Runnable upgraded) {
        this.upgradesPermitted = upgradesPermitted;
        this.origins = origins;
        this.upgraded = upgraded;
    }

    /**
     * Adds the handlers of HTTP.
     *
     * @param upgradesPermitted false for HTTP in clear where links in clear are not taken
     * @param upgraded called when the channel carries the bytes of a link
     */
    static void addTo(
            io.netty.channel.ChannelPipeline pipeline,
            boolean upgradesPermitted,
            Set<String> origins,
            Runnable upgraded) {
        pipeline.addLast(
                new HttpServerCodec(MAX_LINE, MAX_HEADERS, MAX_CHUNK),
                new HttpObjectAggregator(MAX_CONTENT, true),
                new HttpDoor(upgradesPermitted, origins, upgraded));
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
        if (!request.decoderResult().isSuccess()) {
            answer(ctx, HttpResponseStatus.BAD_REQUEST, WHAT);
            return;
        }
        if (!isUpgrade(request)) {
            answer(ctx, HttpResponseStatus.UPGRADE_REQUIRED, WHAT);
            return;
        }
        String refusal = refusal(request);
        if (refusal != null) {
            answer(ctx, HttpResponseStatus.FORBIDDEN, refusal);
        } else {
            upgrade(ctx, request);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }

    private static boolean isUpgrade(FullHttpRequest request) {
        String path = request.uri().split("\\?", 2)[0];
        return request.method().equals(HttpMethod.GET)
                && path.equals(Endpoint.WEBSOCKET_PATH)
                && request.headers().containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
                && HttpHeaderValues.WEBSOCKET.contentEqualsIgnoreCase(
                        request.headers().get(HttpHeaderNames.UPGRADE, ""));
    }

    /** A browser always says where its page is from; a page from elsewhere must not open links in its visitor's name. */
    private @Nullable String refusal(FullHttpRequest request) {
        if (!upgradesPermitted) {
            return "WebSocket in clear (expected: wss://); this relay takes links over TLS only.";
        }
        List<String> given = request.headers().getAll(HttpHeaderNames.ORIGIN);
        if (given.isEmpty()
                || given.size() == 1 && origins.contains(given.get(0).toLowerCase(Locale.ROOT))) {
            return null;
        }
        return "Origin not listed (expected: none, or one that this relay's configuration lists).";
    }

    private void upgrade(ChannelHandlerContext ctx, FullHttpRequest request) {
        WebSocketDecoderConfig config = WebSocketDecoderConfig.newBuilder()
                .maxFramePayloadLength(WebSocketBytes.MAX_RECEIVED)
                .allowExtensions(false)
                .expectMaskedFrames(true)
                .withUTF8Validator(false)
                .build();
        WebSocketServerHandshaker handshaker =
                new WebSocketServerHandshakerFactory("", null, config).newHandshaker(request);
        if (handshaker == null) {
            WebSocketServerHandshakerFactory.sendUnsupportedVersionResponse(ctx.channel())
                    .addListener(ChannelFutureListener.CLOSE);
            return;
        }
        handshaker.handshake(ctx.channel(), request).addListener(done -> {
            if (done.isSuccess()) {
                ctx.pipeline().replace(this, "websocket-bytes", new WebSocketBytes());
                upgraded.run();
            } else {
                ctx.close();
            }
        });
    }

    private static void answer(ChannelHandlerContext ctx, HttpResponseStatus status, String line) {
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, status, ByteBufUtil.writeUtf8(ctx.alloc(), line + "\n"));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                .set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes())
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        if (status.equals(HttpResponseStatus.UPGRADE_REQUIRED)) {
            response.headers().set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
        }
        ctx.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }
}
