package dev.culvert.node.proxy;

import dev.culvert.api.DialException;
import dev.culvert.api.DialOptions;
import dev.culvert.api.ErrorCode;
import dev.culvert.node.LocalConnection;
import dev.culvert.node.LocalStream;
import dev.culvert.node.LoopStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request in absolute form and its response, over a stream of its own. Both messages are taken apart and written anew, so that nothing
 * but what was understood is passed on. Owned by the connection's loop.
 *
 * <pre>
 * dialling   the head of the request leaves with the open     refused: the proxy answers
 * open       the body goes out as fast as the stream takes it, the response comes back as fast as the program does
 * responded  the stream has a moment to finish
 * </pre>
 */
final class HttpExchange implements LocalConnection.Answer, LoopStream.Listener {
    private static final int HIGH_BYTES = 128 * 1024;
    private static final int MAX_RESPONSE_HEAD = 64 * 1024;
    private static final long LINGER_SECONDS = 5;

    private final EventLoop loop;
    private final Owner owner;
    private final HttpRequest request;
    private final boolean http10;
    private final boolean head;
    private final boolean mayKeep;
    private final EmbeddedChannel codec = new EmbeddedChannel(new HttpClientCodec(
            new HttpDecoderConfig().setMaxInitialLineLength(8_192).setMaxHeaderSize(MAX_RESPONSE_HEAD), false, false));
    private @Nullable LocalStream stream;
    private @Nullable Future<?> linger;
    private int inFlight;
    private boolean requestDone;
    private boolean stopped;
    private boolean started;
    private boolean informational;
    private boolean kept;
    private boolean responded;
    private boolean farFinished;

    /** The program's end of the exchange. */
    interface Owner {
        /** Passes a part of the response on; {@link #flush} follows. */
        ChannelFuture send(HttpObject part);

        void flush();

        /** The exchange can take more of the request. */
        void pump();

        /** A response of the proxy's own ends the exchange. */
        void fail(FullHttpResponse response, boolean keep);

        /** The response is complete. */
        void over(boolean keep);

        /** The response has begun and will never be complete. */
        void abort();
    }

    /** @param mayKeep the program's connection may serve another request */
    HttpExchange(EventLoop loop, Owner owner, HttpRequest request, boolean mayKeep) {
        this.loop = loop;
        this.owner = owner;
        this.request = request;
        this.mayKeep = mayKeep;
        this.http10 = !request.protocolVersion().equals(HttpVersion.HTTP_1_1);
        this.head = request.method().equals(HttpMethod.HEAD);
    }

    /** Dials; the head of the request leaves with the open. */
    void start(LocalConnection connection, Destination destination, DialOptions options, Requests.Aim aim) {
        DialOptions own = options.withReplaySafe(Requests.isSafe(request));
        Requests.rewrite(request, aim);
        codec.writeOutbound(request);
        Dialling dialling = new Dialling(connection, own, outbound(), this);
        if (destination instanceof Destination.Named named) {
            dialling.to(named);
        } else if (destination instanceof Destination.Outside outside) {
            dialling.to(outside);
        } else {
            throw new IllegalStateException("no destination: " + destination);
        }
    }

    private byte[] outbound() {
        ByteBuf all = Unpooled.buffer();
        for (ByteBuf part = codec.readOutbound(); part != null; part = codec.readOutbound()) {
            all.writeBytes(part);
            part.release();
        }
        return ByteBufUtil.getBytes(all);
    }

    /** Whether more of the request may come now. */
    boolean wantsBody() {
        return stream != null && !requestDone && (stopped || inFlight < HIGH_BYTES);
    }

    /** More of the request; consumed. */
    void body(HttpContent content) {
        requestDone = content instanceof LastHttpContent;
        if (stopped || stream == null) {
            content.release();
            return;
        }
        if (content.decoderResult().isFailure()) {
            content.release();
            reset();
            end(Replies.of(HttpResponseStatus.BAD_REQUEST, "the request's body is not understood"), false);
            return;
        }
        codec.writeOutbound(content);
        byte[] bytes = outbound();
        if (bytes.length > 0) {
            inFlight += bytes.length;
            stream.write(Unpooled.wrappedBuffer(bytes));
        }
    }

    /** The program has gone. */
    void cancel() {
        if (!responded) {
            close();
            reset();
        }
    }

    @Override
    public void onOpened(LocalStream opened) {
        stream = opened;
        opened.take(this);
        owner.pump();
    }

    @Override
    public void onRefused(DialException refusal) {
        end(Replies.of(refusal), mayKeep && Requests.isBodiless(request));
    }

    @Override
    public void onData(ByteBuf data) {
        int bytes = data.readableBytes();
        if (responded) {
            data.release();
            consumed(bytes);
        } else {
            codec.writeInbound(data);
            relay(bytes);
        }
    }

    private void relay(int bytes) {
        ChannelFuture last = null;
        for (HttpObject part = codec.readInbound(); part != null; part = codec.readInbound()) {
            ChannelFuture sent = responded ? drop(part) : onPart(part);
            last = sent == null ? last : sent;
        }
        if (last == null) {
            consumed(bytes);
        } else {
            last.addListener(done -> consumed(bytes));
            owner.flush();
        }
    }

    private static @Nullable ChannelFuture drop(HttpObject part) {
        ReferenceCountUtil.release(part);
        return null;
    }

    private @Nullable ChannelFuture onPart(HttpObject part) {
        if (part.decoderResult().isFailure()) {
            broken("the service's response is not understood: "
                    + part.decoderResult().cause().getMessage());
            return drop(part);
        }
        if (part instanceof HttpResponse response) {
            return onHead(response);
        }
        boolean last = part instanceof LastHttpContent;
        if (informational) {
            informational = !last;
            return http10 ? drop(part) : owner.send(part);
        }
        ChannelFuture sent = owner.send(part);
        if (last) {
            owner.flush();
            complete();
        }
        return sent;
    }

    private @Nullable ChannelFuture onHead(HttpResponse response) {
        int code = response.status().code();
        if (code == HttpResponseStatus.SWITCHING_PROTOCOLS.code()) {
            broken("the service switches protocols, which nobody asked for (use CONNECT for that)");
            return null;
        }
        informational = code < 200;
        if (informational) {
            HopHeaders.strip(response.headers());
            return http10 ? null : owner.send(response);
        }
        started = true;
        kept = Replies.rewrite(response, http10, head, mayKeep);
        return owner.send(response);
    }

    private void complete() {
        close();
        if (requestDone && stream != null) {
            stream.finish();
            if (!farFinished) {
                linger = loop.schedule(this::reset, LINGER_SECONDS, TimeUnit.SECONDS);
            }
        } else {
            reset();
        }
        owner.over(kept && requestDone);
    }

    @Override
    public void onFinish() {
        farFinished = true;
        if (linger != null) {
            linger.cancel(false);
        }
        if (!responded) {
            codec.finish();
            relay(0);
        }
        if (!responded) {
            broken("the service ended before its response was complete");
        }
    }

    @Override
    public void onReset(int code) {
        if (linger != null) {
            linger.cancel(false);
        }
        stream = null;
        ErrorCode error = ErrorCode.of(code);
        if (!responded && started) {
            close();
            owner.abort();
        } else if (!responded) {
            end(
                    Replies.of(new DialException(error, "", "the stream ended before the response", "", false)),
                    mayKeep && requestDone);
        }
    }

    @Override
    public void onStop() {
        stopped = true;
        owner.pump();
    }

    @Override
    public void onWritten(int bytes) {
        inFlight = Math.max(0, inFlight - bytes);
        owner.pump();
    }

    private void broken(String text) {
        reset();
        if (started) {
            close();
            owner.abort();
        } else {
            end(Replies.of(HttpResponseStatus.BAD_GATEWAY, text), mayKeep && requestDone);
        }
    }

    private void end(FullHttpResponse response, boolean keep) {
        close();
        owner.fail(response, keep);
    }

    private void close() {
        responded = true;
        codec.finishAndReleaseAll();
    }

    private void reset() {
        if (stream != null) {
            stream.reset(ErrorCode.CANCELLED);
            stream = null;
        }
    }

    private void consumed(int bytes) {
        if (stream != null && bytes > 0) {
            stream.consumed(bytes);
        }
    }
}
