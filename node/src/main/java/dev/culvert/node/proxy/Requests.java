package dev.culvert.node.proxy;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a proxy makes of a request before it goes anywhere. <em>Stateless.</em> Pure. */
final class Requests {
    private static final String SCHEME = "http://";
    private static final int HTTP_PORT = 80;
    private static final Set<HttpMethod> SAFE =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.TRACE);

    private Requests() {}

    /** Why a request goes nowhere. */
    record Fault(HttpResponseStatus status, String text) {}

    /** Where a request goes: the authority, and what its first line asks there. */
    record Aim(Authority authority, String path) {}

    /** What is wrong with the message itself; null: nothing. */
    static @Nullable Fault fault(HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            Throwable cause = request.decoderResult().cause();
            HttpResponseStatus status = cause instanceof TooLongHttpLineException
                    ? HttpResponseStatus.REQUEST_URI_TOO_LONG
                    : cause instanceof TooLongHttpHeaderException
                            ? HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
                            : HttpResponseStatus.BAD_REQUEST;
            return new Fault(status, "the request is not understood: " + cause.getMessage());
        }
        List<String> codings = request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
        boolean old = !request.protocolVersion().equals(HttpVersion.HTTP_1_1);
        if (!codings.isEmpty()
                && (old || codings.size() > 1 || !HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(codings.get(0)))) {
            return new Fault(
                    HttpResponseStatus.BAD_REQUEST,
                    "Transfer-Encoding " + codings + " in " + request.protocolVersion()
                            + " (expected: chunked, in HTTP/1.1)");
        }
        return null;
    }

    /**
     * Where a request in absolute form goes.
     *
     * @throws IllegalArgumentException one line: the value and the expectation
     */
    static Aim aim(HttpRequest request) {
        String uri = request.uri();
        if (!uri.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            throw new IllegalArgumentException("request target '" + uri
                    + "': this is Culvert's proxy (expected: http://NAME/..., or CONNECT NAME:PORT"
                    + " for everything else, https too)");
        }
        int end = endOfAuthority(uri);
        Authority authority = Authority.parse(uri.substring(SCHEME.length(), end), HTTP_PORT);
        int fragment = uri.indexOf('#', end);
        String rest = uri.substring(end, fragment < 0 ? uri.length() : fragment);
        boolean asterisk = rest.isEmpty() && request.method().equals(HttpMethod.OPTIONS);
        return new Aim(authority, asterisk ? "*" : rest.startsWith("/") ? rest : "/" + rest);
    }

    private static int endOfAuthority(String uri) {
        int end = SCHEME.length();
        while (end < uri.length() && "/?#".indexOf(uri.charAt(end)) < 0) {
            end++;
        }
        return end;
    }

    /** Makes of a request in absolute form the one that the service gets (RFC 9112, 3.2.2): one exchange, then the end. */
    static void rewrite(HttpRequest request, Aim aim) {
        String text = request.uri();
        HttpHeaders headers = request.headers();
        HopHeaders.strip(headers);
        headers.set(HttpHeaderNames.HOST, text.substring(SCHEME.length(), endOfAuthority(text)));
        headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        request.setUri(aim.path());
        request.setProtocolVersion(HttpVersion.HTTP_1_1);
    }

    /** Whether nothing follows the head. */
    static boolean isBodiless(HttpRequest request) {
        return request.decoderResult().isSuccess()
                && !HttpUtil.isTransferEncodingChunked(request)
                && HttpUtil.getContentLength(request, 0L) == 0;
    }

    /** Whether it does no harm if the request reaches a service twice. */
    static boolean isSafe(HttpRequest request) {
        return SAFE.contains(request.method()) && isBodiless(request);
    }
}
