package dev.culvert.gateway;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a request says, checked and read once. <em>Immutable.</em>
 *
 * @param host null: none was named
 * @param hostText the Host field as it came; empty: none
 * @param target in origin form or {@code *}, byte for byte
 * @param timeout that the client asks for; null: none
 * @param bodiless nothing follows the head
 */
record RequestHead(
        @Nullable HostName host,
        String hostText,
        String target,
        @Nullable Duration timeout,
        boolean bodiless) {
    private static final Set<HttpMethod> REPEATABLE =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.TRACE);

    /** Cut to the longest that is permitted. */
    private static final Duration NO_LIMIT = Duration.ofNanos(Long.MAX_VALUE);

    static RequestHead read(HttpRequest request) throws Rejected {
        checkDecoded(request);
        checkFraming(request);
        List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
        boolean old = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
        if (hosts.size() > 1 || hosts.isEmpty() && !old) {
            throw bad(hosts.size() + " Host fields", "send one Host field");
        }
        String text = hosts.isEmpty() ? "" : hosts.get(0);
        HostName host = text.isEmpty() ? null : HostName.parse(text);
        if (host == null && !text.isEmpty()) {
            throw bad(
                    "Host '" + printable(text) + "' (expected: a name or an address, perhaps with a port)",
                    "name the host as it stands in the URL");
        }
        boolean bodiless = !HttpUtil.isTransferEncodingChunked(request) && HttpUtil.getContentLength(request, 0L) == 0;
        return new RequestHead(host, text, target(request, host), timeout(request), bodiless);
    }

    private static void checkDecoded(HttpRequest request) throws Rejected {
        if (!request.decoderResult().isFailure()) {
            return;
        }
        Throwable cause = request.decoderResult().cause();
        if (cause instanceof TooLongHttpLineException) {
            throw fault(HttpResponseStatus.REQUEST_URI_TOO_LONG, "the request line is too long", "send a shorter URL");
        }
        if (cause instanceof TooLongHttpHeaderException) {
            throw fault(
                    HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
                    "the header fields are too large",
                    "send fewer or shorter fields; cookies often are the reason");
        }
        throw bad(
                "the request is not understood: " + printable(String.valueOf(cause.getMessage())),
                "send what RFC 9112 says; this gateway forgives nothing that parsers read in different ways");
    }

    private static void checkFraming(HttpRequest request) throws Rejected {
        HttpVersion version = request.protocolVersion();
        if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
            throw fault(
                    HttpResponseStatus.HTTP_VERSION_NOT_SUPPORTED,
                    "version " + printable(version.text()) + " (expected: HTTP/1.1)",
                    "speak HTTP/1.1");
        }
        List<String> codings = request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
        boolean chunked = codings.size() == 1 && HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(codings.get(0));
        if (!codings.isEmpty() && !chunked) {
            throw bad(
                    "Transfer-Encoding " + codings + " (expected: chunked)", "send the body in chunks, or its length");
        }
        List<String> expectations = request.headers().getAll(HttpHeaderNames.EXPECT);
        boolean known =
                expectations.size() == 1 && HttpHeaderValues.CONTINUE.contentEqualsIgnoreCase(expectations.get(0));
        if (!expectations.isEmpty() && !known) {
            throw fault(
                    HttpResponseStatus.EXPECTATION_FAILED,
                    "Expect " + expectations + " (expected: 100-continue)",
                    "leave the field out");
        }
    }

    private static String target(HttpRequest request, @Nullable HostName host) throws Rejected {
        String uri = request.uri();
        if (request.method().equals(HttpMethod.CONNECT)) {
            throw fault(
                    HttpResponseStatus.METHOD_NOT_ALLOWED,
                    "CONNECT: this is a gateway and no proxy",
                    "for a proxy run: culvert proxy");
        }
        if (uri.chars().anyMatch(c -> c <= ' ' || c >= 0x7f || c == '#')) {
            throw bad("a request target with spaces, fragments or bytes beyond ASCII", "escape them with %");
        }
        if (uri.startsWith("/")) {
            return uri;
        }
        if (uri.equals("*") && request.method().equals(HttpMethod.OPTIONS)) {
            return uri;
        }
        return absolute(request, uri, host);
    }

    /** RFC 9112, 3.2.2: a server takes the absolute form too; the two names must be one. */
    private static String absolute(HttpRequest request, String uri, @Nullable HostName host) throws Rejected {
        int scheme = uri.indexOf("://");
        String name = scheme < 0 ? "" : uri.substring(0, scheme).toLowerCase(Locale.ROOT);
        if (!name.equals("http") && !name.equals("https")) {
            throw bad("request target '" + printable(uri) + "' (expected: a path that begins with /)", "send a path");
        }
        int end = scheme + 3;
        while (end < uri.length() && "/?".indexOf(uri.charAt(end)) < 0) {
            end++;
        }
        HostName authority = HostName.parse(uri.substring(scheme + 3, end));
        if (authority == null || !authority.equals(host)) {
            throw bad("the request line and Host name different hosts", "name the same host in both");
        }
        String rest = uri.substring(end);
        boolean asterisk = rest.isEmpty() && request.method().equals(HttpMethod.OPTIONS);
        return asterisk ? "*" : rest.startsWith("/") ? rest : "/" + rest;
    }

    private static @Nullable Duration timeout(HttpRequest request) throws Rejected {
        String ours = one(request, HeaderRules.TIMEOUT);
        String theirs = one(request, HeaderRules.GO_TIMEOUT);
        String name = ours != null ? HeaderRules.TIMEOUT : HeaderRules.GO_TIMEOUT;
        String text = ours != null ? ours : theirs;
        if (text != null && ours == null && GoDuration.isNone(text)) {
            return NO_LIMIT;
        }
        try {
            return text == null ? null : GoDuration.parse(text);
        } catch (IllegalArgumentException e) {
            throw bad(name + ": " + printable(String.valueOf(e.getMessage())), "write it as 1.5s, 300ms or 1m30s");
        }
    }

    private static @Nullable String one(HttpRequest request, String name) throws Rejected {
        List<String> values = request.headers().getAll(name);
        if (values.size() > 1) {
            throw bad(name + " is there " + values.size() + " times (expected: once)", "send it once");
        }
        return values.isEmpty() ? null : values.get(0);
    }

    /** Whether the request may reach a service twice: it changes nothing, and it is all here. */
    boolean isRepeatable(HttpMethod method) {
        return bodiless && REPEATABLE.contains(method);
    }

    private static Rejected bad(String text, String next) {
        return Rejected.malformed(HttpFault.badRequest(text, next));
    }

    private static Rejected fault(HttpResponseStatus status, String text, String next) {
        return Rejected.malformed(HttpFault.of(status, text, next));
    }

    private static String printable(String text) {
        String shown = text.length() > 100 ? text.substring(0, 100) + "..." : text;
        return shown.replaceAll("[^\\x20-\\x7e]", "?");
    }
}
