package dev.culvert.link.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakerFactory;
import io.netty.handler.codec.http.websocketx.WebSocketHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.URI;
import java.nio.channels.ClosedChannelException;

/** The dialler's side of a WebSocket upgrade; leaves {@link WebSocketBytes} behind. Owned by its channel's event loop. */
final class WebSocketUpgrade extends SimpleChannelInboundHandler<FullHttpResponse> {
    private static final int MAX_RESPONSE = 8192;
    private static final long CLOSE_TIMEOUT_MILLIS = 10_000;
    private final WebSocketClientHandshaker handshaker;
    private final Promise<Channel> done;

    private WebSocketUpgrade(WebSocketClientHandshaker handshaker, Promise<Channel> done) {
        this.handshaker = handshaker;
        this.done = done;
    }

    /** The other side answered, and not with a WebSocket. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;
        private final int status;

        Refused(int status, String message) {
            super(message);
            this.status = status;
        }

        /** The HTTP status; 0 if the answer was no HTTP. */
        int status() {
            return status;
        }
    }

    /** On the loop of a channel on which the other side is reached, TLS done. */
    static Future<Channel> start(Channel channel, Endpoint.WebSocket endpoint) {
        Promise<Channel> done = channel.eventLoop().newPromise();
        URI uri = URI.create(endpoint.toString());
        WebSocketClientHandshaker handshaker = WebSocketClientHandshakerFactory.newHandshaker(
                uri,
                WebSocketVersion.V13,
                null,
                false,
                new DefaultHttpHeaders().set(HttpHeaderNames.USER_AGENT, "culvert"),
                WebSocketBytes.MAX_RECEIVED,
                true,
                false,
                CLOSE_TIMEOUT_MILLIS,
                false,
                false); // no Origin: that is for browsers
        channel.pipeline()
                .addBefore(QuietEnd.NAME, null, new HttpClientCodec())
                .addBefore(QuietEnd.NAME, null, new HttpObjectAggregator(MAX_RESPONSE))
                .addBefore(QuietEnd.NAME, null, new WebSocketUpgrade(handshaker, done));
        handshaker.handshake(channel).addListener(sent -> {
            if (!sent.isSuccess()) {
                done.tryFailure(sent.cause());
            }
        });
        channel.read();
        return done;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpResponse response) {
        try {
            handshaker.finishHandshake(ctx.channel(), response);
        } catch (WebSocketHandshakeException e) {
            done.tryFailure(new Refused(response.status().code(), "HTTP " + response.status() + ", not a WebSocket"));
            return;
        }
        ctx.pipeline().replace(this, "websocket-bytes", new WebSocketBytes());
        // after the codec has left, which Netty has put off in the same way
        ctx.channel().eventLoop().execute(() -> done.trySuccess(ctx.channel()));
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (!done.isDone()) {
            ctx.read();
        }
        ctx.fireChannelReadComplete();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        done.tryFailure(new ClosedChannelException());
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        done.tryFailure(new Refused(0, "an answer that is not HTTP: " + cause.getMessage()));
        ctx.close();
    }
}
