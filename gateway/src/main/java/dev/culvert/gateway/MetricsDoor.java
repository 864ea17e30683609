package dev.culvert.gateway;

import dev.culvert.node.Entrance;
import dev.culvert.node.LocalConnection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/**
 * Where Prometheus reads: {@code GET /metrics}, one request for each connection. It names services, so it belongs where only operators come; a
 * page in a browser that has a name of its own led here is refused by its Host. Any thread.
 */
final class MetricsDoor implements Entrance {
    private static final int CONNECTIONS = 16;
    private static final int PATIENCE_SECONDS = 10;

    private final Supplier<String> text;

    MetricsDoor(Supplier<String> text) {
        this.text = text;
    }

    @Override
    public void onConnection(LocalConnection connection) {
        ChannelPipeline pipeline = connection.channel().pipeline();
        pipeline.addFirst(new ReadTimeoutHandler(PATIENCE_SECONDS), new HttpServerCodec(), new Answer());
        connection.channel().config().setAutoRead(true);
    }

    @Override
    public int maxConnections() {
        return CONNECTIONS;
    }

    @Override
    public String toString() {
        return "metrics";
    }

    private final class Answer extends ChannelInboundHandlerAdapter {
        private boolean answered;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof HttpRequest request && !answered) {
                answered = true;
                ctx.writeAndFlush(answer(request)).addListener(ChannelFutureListener.CLOSE);
            }
            ReferenceCountUtil.release(message);
        }

        private FullHttpResponse answer(HttpRequest request) {
            if (request.decoderResult().isFailure()) {
                return response(HttpResponseStatus.BAD_REQUEST, "this is no request\n");
            }
            HostName host = HostName.parse(request.headers().get(HttpHeaderNames.HOST, ""));
            if (host == null || !isPlain(host.name())) {
                return response(HttpResponseStatus.MISDIRECTED_REQUEST, "Host: expected an address, or localhost\n");
            }
            boolean asked =
                    request.method().equals(HttpMethod.GET) && request.uri().equals("/metrics");
            return asked
                    ? response(HttpResponseStatus.OK, text.get())
                    : response(HttpResponseStatus.NOT_FOUND, "expected: GET /metrics\n");
        }

        /** No page on the web has such a name. */
        private static boolean isPlain(String host) {
            return host.equals("localhost") || ClientAddress.parse(host) != null;
        }

        private static FullHttpResponse response(HttpResponseStatus status, String body) {
            ByteBuf bytes = Unpooled.copiedBuffer(body, StandardCharsets.UTF_8);
            FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, bytes);
            response.headers().set(HttpHeaderNames.CONTENT_TYPE, GatewayMetrics.CONTENT_TYPE);
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, bytes.readableBytes());
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            return response;
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
