package dev.culvert.node.proxy;

import dev.culvert.api.DialException;
import dev.culvert.api.DialOptions;
import dev.culvert.node.LocalConnection;
import dev.culvert.node.LocalStream;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's side of a proxy for HTTP/1.1 (RFC 9110, RFC 9112): CONNECT becomes a tunnel, requests in absolute form are exchanges, one
 * after the other. What a program says before its turn waits here, bounded by one read of the socket. Owned by the channel's loop.
 */
final class HttpDoor extends ChannelInboundHandlerAdapter implements HttpExchange.Owner, LocalConnection.Answer {
    private static final Logger LOG = LoggerFactory.getLogger(HttpDoor.class);
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);
    private static final HttpResponseStatus ESTABLISHED = new HttpResponseStatus(200, "Connection established");

    private final ProxyOptions options;
    private final LocalConnection connection;
    private final Channel channel;
    private final Patience patience;
    private final ResponseEncoder encoder;
    private final Deque<HttpObject> waiting = new ArrayDeque<>();
    private @Nullable HttpExchange exchange;
    private @Nullable ChannelFuture lastWrite;
    private boolean mayKeep;
    private boolean http10;
    private boolean tunnel;
    private boolean closing;
    private boolean pumping;
    private boolean inputShut;

    HttpDoor(ProxyOptions options, LocalConnection connection, Patience patience, ResponseEncoder encoder) {
        this.options = options;
        this.connection = connection;
        this.channel = connection.channel();
        this.patience = patience;
        this.encoder = encoder;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof HttpObject part && !closing) {
            waiting.add(part);
            pump();
        } else if (message instanceof HttpObject || closing) {
            ReferenceCountUtil.release(message);
        } else {
            ctx.fireChannelRead(message); // what stood behind CONNECT is for the service
        }
    }

    @Override
    public void pump() {
        if (pumping) {
            return;
        }
        pumping = true;
        while (isHungry() && !waiting.isEmpty()) {
            take(waiting.remove());
        }
        pumping = false;
        if (!closing) {
            channel.config().setAutoRead(isHungry());
            if (isHungry() && inputShut) {
                onEndOfInput();
            }
        }
    }

    private boolean isHungry() {
        return !closing && !tunnel && (exchange == null || exchange.wantsBody());
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
        patience.end();
        http10 = !request.protocolVersion().equals(HttpVersion.HTTP_1_1);
        mayKeep = HttpUtil.isKeepAlive(request);
        encoder.answersHead(request.method().equals(HttpMethod.HEAD));
        boolean keep = mayKeep && Requests.isBodiless(request);
        Requests.Fault fault = Requests.fault(request);
        if (fault != null) {
            fail(Replies.of(fault.status(), fault.text()), false);
        } else if (!options.users().admit(request.headers().get(HttpHeaderNames.PROXY_AUTHORIZATION, ""))) {
            fail(Replies.unauthenticated(), keep && !request.method().equals(HttpMethod.CONNECT));
        } else {
            go(request, keep);
        }
    }

    private void go(HttpRequest request, boolean keep) {
        boolean connect = request.method().equals(HttpMethod.CONNECT);
        try {
            Requests.Aim aim =
                    connect ? new Requests.Aim(Authority.parse(request.uri(), -1), "") : Requests.aim(request);
            Authority authority = aim.authority();
            Destination destination = Destination.of(authority.host(), authority.port(), options.direct());
            if (destination instanceof Destination.Nowhere nowhere) {
                fail(Replies.of(HttpResponseStatus.FORBIDDEN, nowhere.text()), keep && !connect);
            } else if (connect) {
                connect(destination);
            } else {
                HttpExchange next = new HttpExchange(channel.eventLoop(), this, request, mayKeep);
                exchange = next;
                next.start(connection, destination, dialOptions(), aim);
            }
        } catch (IllegalArgumentException e) {
            fail(Replies.of(HttpResponseStatus.BAD_REQUEST, String.valueOf(e.getMessage())), keep && !connect);
        }
    }

    private DialOptions dialOptions() {
        return DialOptions.DEFAULT.withTimeout(options.dialTimeout());
    }

    private void connect(Destination destination) {
        tunnel = true;
        Dialling dialling = new Dialling(connection, dialOptions(), new byte[0], this);
        if (destination instanceof Destination.Named named) {
            dialling.to(named);
        } else if (destination instanceof Destination.Outside outside) {
            dialling.to(outside);
        }
    }

    @Override
    public void onOpened(LocalStream stream) {
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.writeAndFlush(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, ESTABLISHED));
        forget();
        pipeline.remove(encoder);
        pipeline.remove(RequestDecoder.class);
        pipeline.remove(this);
        stream.join();
    }

    @Override
    public void onRefused(DialException refusal) {
        fail(Replies.of(refusal), false);
    }

    @Override
    public ChannelFuture send(HttpObject part) {
        ChannelFuture sent = channel.write(part);
        lastWrite = sent;
        return sent;
    }

    @Override
    public void flush() {
        channel.flush();
    }

    @Override
    public void fail(FullHttpResponse response, boolean keep) {
        LOG.debug("{}", response.status());
        Replies.connection(response.headers(), http10, keep);
        send(response);
        flush();
        over(keep);
    }

    @Override
    public void over(boolean keep) {
        exchange = null;
        if (keep) {
            patience.begin(options.idleTimeout());
            pump();
        } else {
            sayLastWords();
        }
    }

    @Override
    public void abort() {
        closing = true;
        connection.abort();
    }

    /** Ends our half, and reads on for a while: a close with unread bytes would be a reset, and might overtake the response. */
    private void sayLastWords() {
        closing = true;
        forget();
        channel.pipeline().remove(RequestDecoder.class); // what still comes is thrown away as it is
        ChannelFuture last = Objects.requireNonNull(lastWrite, "a response before its end");
        if (inputShut) {
            last.addListener(ChannelFutureListener.CLOSE);
            return;
        }
        last.addListener(written -> ((DuplexChannel) channel).shutdownOutput());
        patience.begin(LAST_WORDS);
        channel.config().setAutoRead(true);
    }

    private void onEndOfInput() {
        if (exchange != null) {
            exchange.cancel();
            channel.close();
        } else if (lastWrite == null) {
            channel.close();
        } else {
            lastWrite.addListener(ChannelFutureListener.CLOSE);
        }
    }

    private void forget() {
        waiting.forEach(ReferenceCountUtil::release);
        waiting.clear();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            inputShut = true;
            if (closing) {
                channel.close();
            } else {
                pump();
            }
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        closing = true;
        forget();
        if (exchange != null) {
            exchange.cancel();
        }
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("The program's connection failed: {}", cause.toString());
        ctx.close();
    }
}
