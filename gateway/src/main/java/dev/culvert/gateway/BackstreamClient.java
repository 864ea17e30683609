package dev.culvert.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.culvert.gateway.BackstreamWire.Answered;
import dev.culvert.gateway.BackstreamWire.Asked;
import dev.culvert.gateway.BackstreamWire.Message;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client of backstream, whose WebSocket takes requests to it and its answers back, in any order. Owned by its channel's loop; {@link #ask},
 * {@link #isReady} and {@link #load} are any thread's.
 */
final class BackstreamClient extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(BackstreamClient.class);

    /** Within so many bytes of a message stands its id, whatever the codec. */
    private static final int ID_WITHIN = 256;

    private final Channel channel;
    private final String name;
    private final BackstreamWire wire;
    private final BackstreamOptions options;
    private final Map<String, CompletableFuture<Answered>> pending = new HashMap<>();
    private @Nullable Future<?> timer;
    private @Nullable ByteArrayOutputStream gathering;
    private boolean tooLong;
    private long heardNanos;
    private long lastId;
    private volatile boolean ready;
    private volatile int load;

    BackstreamClient(Channel channel, String name, BackstreamWire wire, BackstreamOptions options) {
        this.channel = channel;
        this.name = name;
        this.wire = wire;
        this.options = options;
    }

    /** What its service is called. */
    String name() {
        return name;
    }

    EventLoop loop() {
        return channel.eventLoop();
    }

    /** Whether requests may be given to it. */
    boolean isReady() {
        return ready;
    }

    /** Requests under way. */
    int load() {
        return load;
    }

    /** The WebSocket is open. On its loop. */
    void start(Supplier<@Nullable String> whyNoMore) {
        // up to two messages are queued; beyond, requests are refused
        channel.config()
                .setOption(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(options.messageBytes(), 2 * options.messageBytes()));
        heardNanos = now();
        long every = options.ping().toNanos();
        timer = loop().scheduleAtFixedRate(() -> onTime(whyNoMore), every, every, TimeUnit.NANOSECONDS);
        ready = true;
    }

    private long now() {
        return loop().ticker().nanoTime();
    }

    private void onTime(Supplier<@Nullable String> whyNoMore) {
        String why = whyNoMore.get();
        if (why != null) {
            end(WebSocketCloseStatus.POLICY_VIOLATION, why);
        } else if (now() - heardNanos > options.ping().toNanos() * 21 / 10) {
            LOG.info("'{}' of backstream says nothing any more", name);
            channel.close();
        } else {
            channel.writeAndFlush(new PingWebSocketFrame(), channel.voidPromise());
        }
    }

    /** Says goodbye, once; one who does not even read that is cut off the next time. On its loop. */
    private void end(WebSocketCloseStatus status, String reason) {
        if (!ready) {
            channel.close();
            return;
        }
        ready = false;
        LOG.info("'{}' of backstream is sent away: {}", name, reason);
        String shown = reason.length() > 120 ? reason.substring(0, 120) : reason;
        channel.writeAndFlush(new CloseWebSocketFrame(status, shown.replaceAll("[^\\x20-\\x7e]", "?")))
                .addListener(ChannelFutureListener.CLOSE);
    }

    /** Asks; fails with {@link Rejected}. To cancel the result forgets the question: an answer that still comes is thrown away. */
    CompletableFuture<Answered> ask(Asked asked) {
        CompletableFuture<Answered> answer = new CompletableFuture<>();
        byte[] data = wire.write(asked);
        try {
            loop().execute(() -> onAsk(data, answer));
        } catch (RejectedExecutionException ended) {
            answer.completeExceptionally(lost());
        }
        return answer;
    }

    private void onAsk(byte[] data, CompletableFuture<Answered> answer) {
        if (answer.isDone()) {
            return;
        }
        String id = String.format("%016x", ++lastId);
        byte[] message = wire.write(new Message(id, BackstreamWire.Type.REQUEST, data));
        Rejected no = whyNot(message);
        if (no != null) {
            answer.completeExceptionally(no);
            return;
        }
        pending.put(id, answer);
        load = pending.size();
        answer.whenComplete((answered, failure) -> {
            if (loop().inEventLoop()) {
                forget(id);
            } else if (!loop().isShuttingDown()) {
                loop().execute(() -> forget(id));
            }
        });
        channel.writeAndFlush(wire.frame(Unpooled.wrappedBuffer(message)), channel.voidPromise());
    }

    private void forget(String id) {
        pending.remove(id);
        load = pending.size();
    }

    private @Nullable Rejected whyNot(byte[] message) {
        if (!ready || !channel.isActive()) {
            return lost();
        }
        if (message.length > options.messageBytes()) {
            return new Rejected(HttpFault.of(
                    HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
                    "the request is a message of " + message.length + " bytes for '" + name + "' (expected: at most "
                            + options.messageBytes() + ")",
                    "send less: a client of backstream gets each request as one message"));
        }
        if (pending.size() >= options.requests()) {
            return busy(pending.size() + " requests are under way at '" + name + "'");
        }
        return channel.isWritable() ? null : busy("'" + name + "' takes requests more slowly than they come");
    }

    private static Rejected busy(String text) {
        return new Rejected(
                new HttpFault(HttpResponseStatus.SERVICE_UNAVAILABLE, "OVERLOAD", text, "", "try again", 1));
    }

    private Rejected lost() {
        return new Rejected(new HttpFault(
                HttpResponseStatus.BAD_GATEWAY,
                "LINK_LOST",
                "the connection of '" + name + "' was lost before its answer was here",
                "",
                "see that the service runs",
                1));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        heardNanos = now();
        if (!(message instanceof WebSocketFrame frame)) {
            ReferenceCountUtil.release(message);
        } else if (frame instanceof PingWebSocketFrame) {
            onPing(ctx, frame);
        } else if (frame instanceof CloseWebSocketFrame) {
            ready = false;
            ctx.writeAndFlush(frame).addListener(ChannelFutureListener.CLOSE);
        } else if (frame instanceof PongWebSocketFrame) {
            frame.release();
        } else {
            gather(frame);
        }
    }

    /** One who asks and asks and reads nothing gets no answer. */
    private static void onPing(ChannelHandlerContext ctx, WebSocketFrame frame) {
        if (ctx.channel().isWritable()) {
            ctx.writeAndFlush(new PongWebSocketFrame(frame.content()));
        } else {
            frame.release();
        }
    }

    /** A message may come in many frames; of one that is too long the beginning is kept, which says whose answer it is. */
    private void gather(WebSocketFrame frame) {
        try {
            ByteArrayOutputStream whole = gathering;
            if (whole == null) {
                whole = new ByteArrayOutputStream(frame.content().readableBytes());
                gathering = whole;
            }
            int bytes = frame.content().readableBytes();
            tooLong |= whole.size() + bytes > options.messageBytes();
            if (!tooLong || whole.size() < ID_WITHIN) {
                frame.content().readBytes(whole, tooLong ? Math.min(ID_WITHIN, bytes) : bytes);
            }
            if (frame.isFinalFragment()) {
                onWhole(whole.toByteArray());
            }
        } catch (IOException e) {
            end(
                    WebSocketCloseStatus.INVALID_PAYLOAD_DATA,
                    "message not understood: " + e.getMessage() + " (other codec? say ?codec=json or ?codec=protobuf)");
        } finally {
            frame.release();
        }
    }

    private void onWhole(byte[] whole) throws IOException {
        boolean cut = tooLong;
        gathering = null;
        tooLong = false;
        if (cut) {
            onTooLong(whole);
        } else {
            onMessage(wire.readMessage(whole));
        }
    }

    private void onTooLong(byte[] beginning) {
        String text = new String(beginning, 0, Math.min(ID_WITHIN, beginning.length), ISO_8859_1);
        for (String id : List.copyOf(pending.keySet())) {
            if (text.contains(id)) {
                fail(id, BackstreamHttp.broken("a message of more than " + options.messageBytes() + " bytes"));
            }
        }
    }

    private void fail(String id, Rejected why) {
        CompletableFuture<Answered> answer = pending.get(id);
        if (answer != null) {
            answer.completeExceptionally(why);
        }
    }

    /** Only answers are expected: a relay offers these clients nothing that they could ask for. */
    private void onMessage(Message message) {
        if (message.type() != BackstreamWire.Type.RESPONSE) {
            LOG.debug("'{}' of backstream sent a {}, which nobody takes", name, message.type());
            return;
        }
        CompletableFuture<Answered> answer = pending.get(message.id());
        if (answer == null) {
            return; // nobody waits for it any more
        }
        try {
            answer.complete(wire.readAnswered(message.data()));
        } catch (IOException e) {
            answer.completeExceptionally(BackstreamHttp.broken("what is no response: " + e.getMessage()));
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            ctx.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        ready = false;
        if (timer != null) {
            timer.cancel(false);
        }
        gathering = null;
        Rejected lost = lost();
        List.copyOf(pending.values()).forEach(answer -> answer.completeExceptionally(lost));
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.info("the connection of '{}' of backstream fails: {}", name, cause.toString());
        ctx.close();
    }
}
