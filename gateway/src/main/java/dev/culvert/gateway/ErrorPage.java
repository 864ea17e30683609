package dev.culvert.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The gateway's own answers: a page for browsers, problem+json (RFC 9457) for the rest. <em>Stateless.</em> Pure. */
final class ErrorPage {
    /** Which error of a dial or of a stream is behind a response; absent where a service itself has spoken. */
    static final String ERROR = "Culvert-Error";

    private static final String PROXY_STATUS = "Proxy-Status";

    private ErrorPage() {}

    /** @param node the name of this node, which is the failing hop where no other is named */
    static FullHttpResponse of(HttpFault fault, List<String> accept, String node, String requestId) {
        boolean html = accept.stream().anyMatch(value -> value.contains("text/html"));
        String hop = fault.hop().isEmpty() ? node : fault.hop();
        String text = html ? html(fault, hop, requestId) : json(fault, hop, requestId);
        ByteBuf body = Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, fault.status(), body);
        HttpHeaders headers = response.headers();
        headers.set(HttpHeaderNames.CONTENT_TYPE, html ? "text/html; charset=utf-8" : "application/problem+json");
        headers.set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        headers.set(HttpHeaderNames.CACHE_CONTROL, "no-store");
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set(HeaderRules.REQUEST_ID, requestId);
        headers.set(PROXY_STATUS, "culvert; error=" + fault.proxyError());
        if (!fault.code().isEmpty()) {
            headers.set(ERROR, fault.code());
        }
        if (fault.retrySeconds() > 0) {
            headers.set(HttpHeaderNames.RETRY_AFTER, fault.retrySeconds());
        }
        if (fault.isRedirect()) {
            headers.set(HttpHeaderNames.LOCATION, fault.next());
        }
        if (fault.status().equals(HttpResponseStatus.UNAUTHORIZED)) {
            boolean ours = fault.challenge().isEmpty();
            headers.set(
                    HttpHeaderNames.WWW_AUTHENTICATE,
                    ours ? "Culvert realm=\"Culvert-Authorization\"" : fault.challenge());
        }
        return response;
    }

    private static String json(HttpFault fault, String hop, String requestId) {
        StringBuilder json = new StringBuilder("{\"type\":\"about:blank\"");
        JsonText.field(json, "title", fault.status().reasonPhrase());
        json.append(",\"status\":").append(fault.status().code());
        JsonText.field(json, "detail", fault.text());
        if (!fault.code().isEmpty()) {
            JsonText.field(json, "code", fault.code());
        }
        JsonText.field(json, "hop", hop);
        if (!fault.next().isEmpty()) {
            JsonText.field(json, "next", fault.next());
        }
        JsonText.field(json, "requestId", requestId);
        return json.append("}\n").toString();
    }

    private static String html(HttpFault fault, String hop, String requestId) {
        String title = fault.status().code() + " " + escape(fault.status().reasonPhrase());
        return "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>" + title + "</title>\n"
                + "<meta name=\"viewport\" content=\"width=device-width\"><style>:root{color-scheme:light dark}"
                + "body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:4rem auto;padding:0 1rem}"
                + "small{opacity:.7}</style>\n"
                + "<h1>" + title + "</h1>\n<p>" + escape(fault.text()) + "</p>\n"
                + (fault.next().isEmpty() ? "" : "<p>" + escape(fault.next()) + "</p>\n")
                + "<p><small>at " + escape(hop) + (fault.code().isEmpty() ? "" : ", " + fault.code()) + ", request "
                + escape(requestId) + "</small></p>\n</html>\n";
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
