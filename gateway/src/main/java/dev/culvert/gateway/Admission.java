package dev.culvert.gateway;

import dev.culvert.api.Address;
import dev.culvert.api.ErrorCode;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A request that is understood, routed and permitted, with its place among those under way, which {@link #end()} gives back. Owned by the
 * event loop of its client.
 */
final class Admission {
    private final GatewayParts parts;
    private final RequestHead head;
    private final Address asked;
    private final Shown shown;
    private final Doorkeeper.Pass pass;
    private final String callerKey;
    private final @Nullable String upgrade;
    private final boolean grpc;
    private boolean over;

    private Admission(
            GatewayParts parts,
            RequestHead head,
            Address asked,
            Shown shown,
            Doorkeeper.Pass pass,
            String callerKey,
            HttpRequest request) {
        this.parts = parts;
        this.head = head;
        this.asked = asked;
        this.shown = shown;
        this.pass = pass;
        this.callerKey = callerKey;
        this.upgrade = Upgrades.wanted(request);
        this.grpc = Grpc.isCall(request.headers());
    }

    /** @param origin its address counts if it shows no credential */
    static Admission of(GatewayParts parts, HttpRequest request, HeaderRules.Origin origin) throws Rejected {
        RequestHead head = RequestHead.read(request);
        redirect(parts.options().redirectPort(), origin, head);
        Routing.Choice choice = parts.routing().choose(request.headers(), head.host(), head.target());
        if (choice.fault() != null) {
            throw new Rejected(choice.fault());
        }
        if (choice.address() == null) {
            throw new IllegalStateException("a choice without address and fault");
        }
        Shown shown = Shown.of(request.headers(), origin.certificate());
        Access.Admitted admitted = judge(parts, shown, choice.address());
        Doorkeeper.Pass pass = parts.doorkeeper().admit(admitted, origin, request.headers());
        long limit = parts.options().limits().bodyBytes();
        if (HttpUtil.getContentLength(request, 0L) > limit) {
            throw new Rejected(tooLarge(limit));
        }
        // a password may be wrong yet: nobody uses up another's place
        String key = admitted.caller().isEmpty() ? origin.address() : admitted.caller();
        Admission admission = new Admission(parts, head, choice.address(), shown, pass, key, request);
        parts.beginCall(key, admission.address().toString());
        return admission;
    }

    /** A proxy in front that is trusted has its own TLS. */
    private static void redirect(int port, HeaderRules.Origin origin, RequestHead head) throws Rejected {
        HostName host = head.host();
        if (port != 0 && !origin.secure() && !origin.trusted() && host != null) {
            String where = host.name() + (port == 443 ? "" : ":" + port);
            throw new Rejected(
                    HttpFault.redirect("https://" + where + (head.target().equals("*") ? "/" : head.target())));
        }
    }

    private static Access.Admitted judge(GatewayParts parts, Shown shown, Address address) throws Rejected {
        Access.Verdict verdict = shown.judge(parts, address);
        if (verdict instanceof Access.Refused refused) {
            throw new Rejected(fault(refused));
        }
        return (Access.Admitted) verdict;
    }

    private static HttpFault fault(Access.Refused refused) {
        ErrorCode code = refused.code();
        return new HttpFault(HttpFault.status(code), code.name(), refused.text(), "", refused.next(), 0);
    }

    /** Whether what was shown may lose its force while the request is under way. */
    boolean isRevocable() {
        return !shown.isNothing() && !caller().isEmpty();
    }

    /** Why the caller may not go on, as things stand now; null: it may. */
    @Nullable
    HttpFault whyNoMore() {
        return shown.judge(parts, asked) instanceof Access.Refused refused ? fault(refused) : null;
    }

    static HttpFault tooLarge(long limit) {
        return HttpFault.of(
                HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
                "a body of more than " + limit + " bytes",
                "send less, or ask the operator for more");
    }

    /**
     * How long the caller is willing to wait; null: it does not say. A caller of gRPC says it in words of its own, and may wait for hours for
     * the first message of a stream.
     */
    @Nullable
    Duration askedTime(HttpHeaders headers) {
        return head.timeout() == null && grpc ? Grpc.timeout(headers) : head.timeout();
    }

    /** How long the exchange, or where nothing is asked the answer's beginning, may take; zero: as long as it likes. */
    Duration limit(@Nullable Duration asked) {
        GatewayTimes times = parts.options().times();
        if (asked == null) {
            return grpc ? Duration.ZERO : times.response();
        }
        return asked.compareTo(times.longest()) < 0 ? asked : times.longest();
    }

    /** @param then told why it may not come in after all, or null: it may; at once, or on another thread */
    void prove(Consumer<@Nullable HttpFault> then) {
        parts.doorkeeper().ask(pass, then);
    }

    /** Whether {@link #prove} answers at once. */
    boolean isProved() {
        return pass.question() == null;
    }

    /** Makes of the client's request the one that the service gets. */
    void rewrite(HttpRequest request, HeaderRules.Origin origin, String requestId) {
        if (pass.basic()) {
            request.headers().remove(HttpHeaderNames.AUTHORIZATION);
        }
        parts.headers().toService(request.headers(), origin, requestId);
        request.setUri(head.target());
        request.setProtocolVersion(HttpVersion.HTTP_1_1);
        if (head.hostText().isEmpty()) {
            request.headers().set(HttpHeaderNames.HOST, address().service());
        }
        if (upgrade != null) {
            request.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
            request.headers().set(HttpHeaderNames.UPGRADE, upgrade);
        }
    }

    RequestHead head() {
        return head;
    }

    Address address() {
        return pass.who().address();
    }

    Access.Admitted admitted() {
        return pass.who();
    }

    /** It has its own words for errors and deadlines. */
    boolean isGrpc() {
        return grpc;
    }

    /** Empty: anyone. */
    String caller() {
        return pass.who().caller();
    }

    /** The protocol that the client wants to switch to; null: none. */
    @Nullable
    String upgrade() {
        return upgrade;
    }

    /** Its place is free. Idempotent. */
    void end() {
        if (!over) {
            over = true;
            parts.endCall(callerKey, address().toString());
        }
    }
}
