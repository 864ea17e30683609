package dev.culvert.node.proxy;

import dev.culvert.api.DialException;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;

/** Responses: the proxy's own, and what it makes of those of services. <em>Stateless.</em> Pure. */
final class Replies {
    /** Which error of a dial or of a stream is behind a response; absent where a service itself has spoken. */
    static final String ERROR = "Culvert-Error";

    private static final String PROXY_STATUS = "Proxy-Status";

    private Replies() {}

    /** One line of plain text. */
    static FullHttpResponse of(HttpResponseStatus status, String text) {
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                status,
                Unpooled.copiedBuffer("culvert: " + text.replace('\n', ' ') + "\n", StandardCharsets.UTF_8));
        HttpHeaders headers = response.headers();
        headers.set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
        headers.set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
        headers.set(HttpHeaderNames.CACHE_CONTROL, "no-store");
        return response;
    }

    static FullHttpResponse of(DialException refusal) {
        FullHttpResponse response = of(Verdicts.http(refusal.code()), String.valueOf(refusal.getMessage()));
        response.headers().set(ERROR, refusal.code().name());
        response.headers().set(PROXY_STATUS, "culvert; error=" + Verdicts.proxyError(refusal.code()));
        return response;
    }

    /** RFC 9110, 15.5.8 */
    static FullHttpResponse unauthenticated() {
        FullHttpResponse response = of(
                HttpResponseStatus.PROXY_AUTHENTICATION_REQUIRED,
                "this proxy asks for a name and a password (Proxy-Authorization: Basic)");
        response.headers().set(HttpHeaderNames.PROXY_AUTHENTICATE, "Basic realm=\"culvert\", charset=\"UTF-8\"");
        return response;
    }

    /**
     * Makes of a service's response the one that the program gets: framed by its length, or in chunks, or by the end of the connection.
     *
     * @param keep the connection may stay
     * @return whether it does
     */
    static boolean rewrite(HttpResponse response, boolean http10, boolean answersHead, boolean keep) {
        HttpHeaders headers = response.headers();
        int code = response.status().code();
        boolean bodiless = answersHead || code < 200 || code == 204 || code == 304;
        boolean chunked = HttpUtil.isTransferEncodingChunked(response);
        boolean delimited = bodiless || !chunked && HttpUtil.isContentLengthSet(response);
        HopHeaders.strip(headers);
        headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
        if (!delimited) {
            headers.remove(HttpHeaderNames.CONTENT_LENGTH);
            if (!http10) {
                headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
            }
        }
        response.setProtocolVersion(HttpVersion.HTTP_1_1);
        boolean kept = keep && (delimited || !http10);
        connection(headers, http10, kept);
        return kept;
    }

    static void connection(HttpHeaders headers, boolean http10, boolean keep) {
        if (!keep) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (http10) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
    }
}
