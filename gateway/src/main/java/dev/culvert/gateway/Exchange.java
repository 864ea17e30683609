package dev.culvert.gateway;

import dev.culvert.api.CulvertException;
import dev.culvert.api.DialOptions;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request that was admitted, from the service's connection to the last byte. Owned by the event loop of its client.
 *
 * <pre>
 * ASKING      the request is on its way, nothing came back   a response head: ANSWERING; 101: TUNNEL; a failure: an error, OVER
 *             a kept connection is lost                      once more on a fresh one, if the request may be repeated
 * ANSWERING   the response is on its way                     its end: OVER; a failure: the client's connection is cut, OVER
 * TUNNEL      bytes both ways                                both halves finished, or one side gone: OVER
 * OVER        nothing is said any more
 * </pre>
 */
final class Exchange implements ServiceLeg.Listener {
    private final GatewayParts parts;
    private final ClientLeg client;
    private final Admission admission;
    private final HttpRequest request;
    private final RequestLog log;
    private final ServiceChoice choice;
    private final EventLoop loop;
    private final Deadline deadline;
    private State state = State.ASKING;
    private @Nullable ServiceLeg service;
    private @Nullable Future<?> rechecks;
    private @Nullable Tunnel tunnel;
    private long bytesIn;
    private long bytesOut;
    private boolean requestDone;
    private boolean informational;
    private boolean continued;
    private boolean retried;
    private boolean keepService;
    private int status;

    private enum State {
        ASKING,
        ANSWERING,
        TUNNEL,
        OVER
    }

    Exchange(
            GatewayParts parts,
            ClientLeg client,
            Admission admission,
            HttpRequest request,
            RequestLog log,
            EventLoop loop) {
        this.parts = parts;
        this.client = client;
        this.admission = admission;
        this.request = request;
        this.log = log;
        this.choice = new ServiceChoice(parts, client.connector(), admission, request, loop);
        this.loop = loop;
        Duration asked = admission.askedTime(request.headers());
        this.deadline = new Deadline(loop, admission.limit(asked), asked != null, () -> fail(HttpFault.deadline()));
    }

    /** Reads, routes and admits a request, and makes of it what the service gets; {@code log} learns where it goes. */
    static Exchange of(
            GatewayParts parts,
            ClientLeg client,
            HttpRequest request,
            RequestLog log,
            HeaderRules.Origin origin,
            EventLoop loop)
            throws Rejected {
        Admission admission = Admission.of(parts, request, origin);
        log.admitted(admission);
        admission.rewrite(request, origin.withHost(admission.head().hostText()), log.requestId());
        Exchange exchange = new Exchange(parts, client, admission, request, log, loop);
        String host = exchange.choice.terms().host();
        if (!host.isEmpty()) {
            request.headers().set(HttpHeaderNames.HOST, host);
        }
        return exchange;
    }

    void start(long nowNanos) {
        deadline.start(nowNanos);
        if (admission.isRevocable()) {
            long nanos = parts.options().times().recheck().toNanos();
            rechecks = loop.scheduleWithFixedDelay(this::recheck, nanos, nanos, TimeUnit.NANOSECONDS);
        }
        if (admission.isProved()) {
            connect();
        } else {
            admission.prove(fault -> loop.execute(() -> onProved(fault)));
        }
    }

    /** Who loses what it was let in with, loses what it was let in to. */
    private void recheck() {
        HttpFault why = admission.whyNoMore();
        if (why != null) {
            fail(why);
        }
    }

    private void onProved(@Nullable HttpFault fault) {
        if (state == State.OVER) {
            return;
        }
        if (fault == null) {
            log.admitted(admission.caller(), admission.address().toString());
            connect();
        } else {
            end();
            client.fault(fault, requestDone || admission.head().bodiless(), bytesIn);
        }
    }

    private void connect() {
        boolean repeatable = admission.head().isRepeatable(request.method());
        ServiceLeg kept = retried ? null : choice.kept(repeatable);
        if (kept != null) {
            ask(kept);
            return;
        }
        Duration left = deadline.isRunning()
                ? Duration.ofNanos(Math.max(1_000_000, deadline.leftNanos()))
                : DialOptions.DEFAULT.timeout();
        choice.fresh(left, repeatable, loop, fresh -> {
            if (state != State.OVER) {
                ask(fresh);
            } else {
                fresh.close();
            }
        });
    }

    private void ask(ServiceLeg to) {
        service = to;
        to.take(this, request.method());
        if (deadline.isRunning()) {
            String name = deadline.isAsked() ? HeaderRules.TIMEOUT : HeaderRules.ANSWER_TIMEOUT;
            request.headers().set(name, GoDuration.print(deadline.leftNanos()));
        }
        to.send(request);
        if (retried) {
            to.send(LastHttpContent.EMPTY_LAST_CONTENT);
        }
        if (retried || !admission.head().bodiless()) {
            to.flush();
        }
        client.pump();
    }

    /** Whether more of the request's body may come now. */
    boolean wantsBody() {
        ServiceLeg to = service;
        return state == State.OVER
                || to != null && (state == State.TUNNEL || !requestDone) && to.isOpen() && to.isWritable();
    }

    /** Whether all of the request is here. */
    boolean isRequestDone() {
        return requestDone;
    }

    /** More of the request. The reference is consumed. */
    void body(HttpContent content) {
        ServiceLeg to = service;
        if (state == State.OVER || to == null) {
            ReferenceCountUtil.release(content);
            return;
        }
        if (content.decoderResult().isFailure()) {
            content.release();
            fail(HttpFault.badRequest(
                    "the body is not understood: "
                            + content.decoderResult().cause().getMessage(),
                    "send chunks as RFC 9112 says"));
            return;
        }
        bytesIn += content.content().readableBytes();
        if (bytesIn > parts.options().limits().bodyBytes()) {
            content.release();
            fail(Admission.tooLarge(parts.options().limits().bodyBytes()));
            return;
        }
        if (content instanceof LastHttpContent last) {
            requestDone = true;
            if (!last.trailingHeaders().isEmpty()) {
                parts.headers().trailers(last.trailingHeaders());
            }
        }
        to.send(content);
        to.flush();
        deadline.onProgress();
    }

    /** In a tunnel. The reference is consumed. */
    void bytes(ByteBuf bytes) {
        if (tunnel != null) {
            bytesIn += bytes.readableBytes();
            tunnel.toService(bytes);
        } else {
            bytes.release();
        }
    }

    /** In a tunnel: the client has finished its half. */
    void clientFinished() {
        if (tunnel != null) {
            tunnel.onClientFinished();
        }
        maybeEndTunnel();
    }

    /** The client is gone, or wants no answer any more: the service learns it. */
    void cancel() {
        if (state != State.OVER) {
            end();
        }
    }

    /** The client takes more, or does not. */
    void onClientWritable() {
        if (service != null && state != State.OVER) {
            if (client.isWritable()) {
                service.resume();
            } else {
                service.pause();
            }
        }
    }

    /** The client was too slow, or wrong. */
    void fail(HttpFault fault) {
        if (state == State.ASKING) {
            end();
            client.fault(fault, requestDone, bytesIn);
        } else if (state != State.OVER) {
            end();
            client.cut(fault, status, bytesIn, bytesOut);
        }
    }

    @Override
    public void onHead(HttpResponse head) {
        boolean interim = head.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        if (head.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
            switchProtocols(head);
        } else if (interim) {
            informational = true;
            continued |= head.status().equals(HttpResponseStatus.CONTINUE);
            parts.headers().toClient(head.headers());
            client.interim(head);
        } else {
            answer(head);
        }
    }

    private void switchProtocols(HttpResponse head) {
        String wanted = admission.upgrade();
        String given = head.headers().get(HttpHeaderNames.UPGRADE, "");
        if (service == null || wanted == null || !Upgrades.isAnswered(wanted, given)) {
            fail(HttpFault.brokenAnswer("101 to '" + given + "', which nobody asked for"));
            return;
        }
        status = head.status().code();
        deadline.stop();
        informational = true;
        state = State.TUNNEL;
        tunnel = new Tunnel(client, service);
        parts.headers().toClient(head.headers());
        tunnel.announce(head, given);
    }

    private void answer(HttpResponse head) {
        HttpHeaders headers = head.headers();
        int code = head.status().code();
        boolean chunked = HttpUtil.isTransferEncodingChunked(head);
        if (headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
                && !(chunked && HeaderRules.isPlainlyChunked(headers))) {
            fail(HttpFault.brokenAnswer("Transfer-Encoding " + headers.getAll(HttpHeaderNames.TRANSFER_ENCODING)));
            return;
        }
        if (code < 100 || code > 999) {
            fail(HttpFault.brokenAnswer("status " + code));
            return;
        }
        boolean bodiless = request.method().equals(HttpMethod.HEAD) || code == 204 || code == 304;
        boolean known = bodiless || HttpUtil.isContentLengthSet(head);
        keepService = HttpUtil.isKeepAlive(head) && (known || chunked);
        status = code;
        state = State.ANSWERING;
        deadline.onAnswer();
        parts.headers().toClient(headers);
        headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
        head.setProtocolVersion(HttpVersion.HTTP_1_1);
        client.head(head, known);
    }

    @Override
    public void onContent(HttpContent content) {
        if (state == State.OVER) {
            content.release();
        } else if (informational) {
            informational = false;
            content.release();
            if (tunnel != null) {
                tunnel.open();
            }
        } else {
            pass(content);
        }
    }

    private void pass(HttpContent content) {
        bytesOut += content.content().readableBytes();
        if (!(content instanceof LastHttpContent last)) {
            client.content(content);
            return;
        }
        if (!last.trailingHeaders().isEmpty()) {
            parts.headers().trailers(last.trailingHeaders());
        }
        ServiceLeg from = service;
        service = null;
        boolean keep = keepService && requestDone;
        end();
        client.content(content);
        if (from != null && keep) {
            choice.give(from);
        } else if (from != null) {
            from.close();
        }
        client.answered(requestDone, status, bytesIn, bytesOut);
    }

    @Override
    public void onBytes(ByteBuf bytes) {
        if (tunnel != null) {
            bytesOut += bytes.readableBytes();
            tunnel.toClient(bytes);
        } else {
            bytes.release();
        }
    }

    @Override
    public void onServiceFinished() {
        if (tunnel != null) {
            tunnel.onServiceFinished();
            maybeEndTunnel();
        } else if (service != null) {
            service.close();
            onServiceGone(null);
        }
    }

    private void maybeEndTunnel() {
        if (tunnel != null && tunnel.isOver()) {
            ServiceLeg from = service;
            service = null;
            end();
            if (from != null) {
                from.leave();
            }
            client.answered(true, status, bytesIn, bytesOut);
        }
    }

    @Override
    public void onServiceGone(@Nullable CulvertException cause) {
        ServiceLeg lost = service;
        service = null;
        boolean unseen = state == State.ASKING && lost != null && lost.refusesTunnels() && choice.fallBack();
        if (unseen || lost != null && mayRepeat(lost)) {
            retried = true;
            connect();
            return;
        }
        HttpFault fault = cause == null ? HttpFault.serviceClosed() : HttpFault.of(cause);
        fail(state == State.ASKING ? choice.explain(fault) : fault);
    }

    private boolean mayRepeat(ServiceLeg lost) {
        return state == State.ASKING
                && !retried
                && !informational
                && requestDone
                && (lost.isUsed() && admission.head().isRepeatable(request.method())
                        || lost.isRefused() && admission.head().bodiless());
    }

    @Override
    public void onServiceWritable() {
        client.pump();
    }

    /** Whether a client that waits for 100 Continue may never send its body. */
    boolean isBodyUncertain() {
        return request.headers().contains(HttpHeaderNames.EXPECT) && !continued && !requestDone;
    }

    private void end() {
        state = State.OVER;
        tunnel = null;
        deadline.stop();
        if (rechecks != null) {
            rechecks.cancel(false);
        }
        ServiceLeg from = service;
        service = null;
        if (from != null) {
            from.close();
        }
        admission.end();
    }
}
