package dev.culvert.gateway;

import dev.culvert.gateway.AccessRecord.Asked;
import dev.culvert.gateway.AccessRecord.Outcome;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the access log will say of one request. Owned by the event loop of its client. */
final class RequestLog {
    private static final Pattern SOUND_ID = Pattern.compile("[A-Za-z0-9._-]{1,128}");
    private static final int LONGEST = 2048;

    private final GatewayParts parts;
    private final String client;
    private final Asked asked;
    private final String requestId;
    private final List<String> accept;
    private final long timeMillis;
    private final long beginNanos;
    private String caller = "";
    private String service = "";
    private @Nullable ServiceSeries series;

    RequestLog(GatewayParts parts, HttpRequest request, String protocol, String client, long nowNanos) {
        this.parts = parts;
        this.client = client;
        this.timeMillis = parts.nowMillis();
        this.beginNanos = nowNanos;
        String given = request.headers().get(HeaderRules.REQUEST_ID, "");
        this.requestId = SOUND_ID.matcher(given).matches() ? given : parts.newRequestId();
        this.accept = request.headers().getAll(HttpHeaderNames.ACCEPT);
        String uri = request.uri();
        int query = uri.indexOf('?');
        this.asked = new Asked(
                protocol,
                cut(request.method().name()),
                cut(request.headers().get(HttpHeaderNames.HOST, "")),
                cut(query < 0 ? uri : uri.substring(0, query)));
    }

    private static String cut(String text) {
        return text.length() > LONGEST ? text.substring(0, LONGEST) : text;
    }

    /** Who has not proved yet who it is, is nobody. */
    void admitted(Admission admission) {
        admitted(
                admission.isProved() ? admission.caller() : "",
                admission.address().toString());
    }

    void admitted(String newCaller, String newService) {
        caller = newCaller;
        service = newService;
        if (series == null) {
            series = parts.metrics().begin(newService, parts.nowMillis());
        }
    }

    /** The client's own if it is sound, else one of this gateway's. */
    String requestId() {
        return requestId;
    }

    List<String> accept() {
        return accept;
    }

    /**
     * Once.
     *
     * @param fault null: none
     */
    void end(int status, long bytesIn, long bytesOut, @Nullable HttpFault fault, long nowNanos) {
        String error = fault == null ? null : (fault.code().isEmpty() ? "" : fault.code() + ": ") + fault.text();
        Outcome outcome = new Outcome(
                bytesIn, bytesOut, (nowNanos - beginNanos) / 1_000_000, error, fault == null ? "" : fault.hop());
        AccessRecord record = new AccessRecord(timeMillis, requestId, client, caller, asked, service, status, outcome);
        parts.metrics().end(series, record, parts.nowMillis());
        parts.log().onRequest(record);
    }
}
