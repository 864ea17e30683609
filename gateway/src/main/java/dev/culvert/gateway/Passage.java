package dev.culvert.gateway;

import dev.culvert.api.Address;
import dev.culvert.api.DialException;
import dev.culvert.api.DialOptions;
import dev.culvert.api.ErrorCode;
import dev.culvert.node.LocalConnection;
import dev.culvert.node.LocalStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection whose TLS ends at its service: the gateway has read the name in the handshake's first message and no more. The client can
 * show no credential, so only services that are public take it. It counts the bytes that pass. Owned by the connection's loop.
 */
final class Passage extends ChannelDuplexHandler implements LocalConnection.Answer {
    private final GatewayParts parts;
    private final LocalConnection connection;
    private final HeaderRules.Origin origin;
    private final RequestLog log;
    private final Silence silence = new Silence();
    private @Nullable HttpFault fault;
    private @Nullable Future<?> timer;
    private String service = "";
    private long bytesIn;
    private long bytesOut;
    private int status;

    /** @param host that the client named */
    Passage(GatewayParts parts, LocalConnection connection, String host) {
        this.parts = parts;
        this.connection = connection;
        this.origin = HeaderRules.Origin.of(
                connection.channel(),
                connection.client(),
                false,
                parts.options().trusted(),
                "TLS");
        HttpRequest said = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.CONNECT, host);
        said.headers().set(HttpHeaderNames.HOST, host);
        this.log = new RequestLog(parts, said, "TLS", origin.address(), nowNanos());
    }

    /** Alerts of TLS that say what statuses of HTTP would. RFC 8446, 6.2 */
    private enum Alert {
        ACCESS_DENIED(49),
        INTERNAL_ERROR(80),
        UNRECOGNIZED_NAME(112);

        private final byte number;

        Alert(int number) {
            this.number = (byte) number;
        }

        static Alert of(HttpFault fault) {
            int code = fault.status().code();
            return code == 403 || code == 401 ? ACCESS_DENIED : code == 404 ? UNRECOGNIZED_NAME : INTERNAL_ERROR;
        }

        /** A fatal one, in a record of its own. */
        ByteBuf record() {
            return Unpooled.wrappedBuffer(new byte[] {21, 3, 3, 0, 2, 2, number});
        }
    }

    private long nowNanos() {
        return connection.channel().eventLoop().ticker().nanoTime();
    }

    /** Dials, if the client may; the end of the connection is the end of the log's entry. */
    void to(Address address) {
        connection.channel().closeFuture().addListener(closed -> end());
        try {
            Access.Admitted who = admit(address);
            service = who.address().toString();
            log.admitted("", service);
            connection.dial(who.address(), StreamConnector.NOBODY, DialOptions.DEFAULT, Unpooled.EMPTY_BUFFER, this);
        } catch (Rejected rejected) {
            refuse(rejected.fault());
        }
    }

    private Access.Admitted admit(Address address) throws Rejected {
        Access.Verdict verdict = parts.access().judge(address, null);
        if (verdict instanceof Access.Refused refused) {
            ErrorCode code = refused.code();
            throw new Rejected(
                    new HttpFault(HttpFault.status(code), code.name(), refused.text(), "", refused.next(), 0));
        }
        Access.Admitted who = (Access.Admitted) verdict;
        parts.doorkeeper().admitBlind(who, origin);
        parts.beginCall(origin.address(), who.address().toString());
        return who;
    }

    private void end() {
        if (timer != null) {
            timer.cancel(false);
        }
        if (!service.isEmpty()) {
            parts.endCall(origin.address(), service);
        }
        log.end(status, bytesIn, bytesOut, fault, nowNanos());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        bytesIn += ((ByteBuf) message).readableBytes();
        ctx.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        bytesOut += ((ByteBuf) message).readableBytes();
        ctx.write(message, promise);
    }

    @Override
    public void onOpened(LocalStream stream) {
        status = HttpResponseStatus.OK.code();
        long periodNanos = parts.options().times().passage().toNanos() / Silence.LOOKS;
        if (periodNanos > 0) {
            timer = connection
                    .channel()
                    .eventLoop()
                    .scheduleWithFixedDelay(this::look, periodNanos, periodNanos, TimeUnit.NANOSECONDS);
        }
        stream.join();
    }

    private void look() {
        if (silence.isLongEnough(bytesIn + bytesOut)) {
            fault = HttpFault.of(
                    HttpResponseStatus.REQUEST_TIMEOUT,
                    "no byte either way for "
                            + parts.options().times().passage().toSeconds() + " s",
                    "let one side say something now and then");
            connection.channel().close();
        }
    }

    @Override
    public void onRefused(DialException refusal) {
        refuse(HttpFault.of(refusal));
    }

    /** Said in the words of TLS, as far as they go; the access log has the rest. */
    private void refuse(HttpFault why) {
        fault = why;
        status = why.status().code();
        connection.channel().writeAndFlush(Alert.of(why).record()).addListener(ChannelFutureListener.CLOSE);
    }
}
