package dev.culvert.gateway;

import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpScheme;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Headers.PseudoHeaderName;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Header sections of HTTP/2 and the heads of HTTP/1.1 that mean the same. <em>Stateless.</em> Pure. What RFC 9113 calls malformed is an {@link
 * IllegalArgumentException}; a head that it lets through says one thing to every parser of HTTP/1.1.
 */
final class Http2Heads {
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final String MARKS = "-!#$%&'*+.^_`|~";
    private static final Pattern LENGTH = Pattern.compile("\\d{1,18}");

    /** RFC 9113, 8.2.2 */
    private static final Set<String> CONNECTION_SPECIFIC =
            Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");

    /** What means nothing behind a body. */
    private static final Set<String> FRAMING = Set.of("content-length", "trailer");

    private static final Pattern STATUS = Pattern.compile("[1-5]\\d\\d");
    private static final Set<Integer> NO_BODY = Set.of(204, 304);

    private static final Set<String> PSEUDO = Set.of(":method", ":scheme", ":authority", ":path", ":protocol");

    private Http2Heads() {}

    /**
     * The request as HTTP/1.1 would say it. RFC 9113, 8.3.1; RFC 8441, 4 for {@code :protocol}.
     *
     * @param ended nothing follows the head
     */
    static HttpRequest request(Http2Headers headers, boolean ended) {
        String method = one(headers, PseudoHeaderName.METHOD);
        if (!TOKEN.matcher(method).matches()) {
            throw malformed(":method", method);
        }
        String protocol = optional(headers, PseudoHeaderName.PROTOCOL);
        if (method.equals("CONNECT") && protocol == null) {
            return connect(headers);
        }
        String scheme = one(headers, PseudoHeaderName.SCHEME);
        if (!scheme.equalsIgnoreCase("http") && !scheme.equalsIgnoreCase("https")) {
            throw malformed(":scheme", scheme);
        }
        String path = one(headers, PseudoHeaderName.PATH);
        if (!path.startsWith("/") && !(path.equals("*") && method.equals("OPTIONS"))) {
            throw malformed(":path", path);
        }
        if (protocol != null) {
            return Http2Tunnels.request(headers, method, protocol, path, ended);
        }
        HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.valueOf(method), path);
        fields(headers, request.headers());
        frame(request.headers(), ended);
        return request;
    }

    /** It is understood, and refused where every request is judged. */
    private static HttpRequest connect(Http2Headers headers) {
        if (headers.scheme() != null || headers.path() != null) {
            throw new IllegalArgumentException("CONNECT with :scheme or :path (expected: :authority alone)");
        }
        String authority = one(headers, PseudoHeaderName.AUTHORITY);
        HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.CONNECT, authority);
        fields(headers, request.headers());
        return request;
    }

    /** All but the pseudo-headers, with the host they name. */
    static void fields(Http2Headers from, HttpHeaders to) {
        String authority = optional(from, PseudoHeaderName.AUTHORITY);
        if (authority != null) {
            to.set(HttpHeaderNames.HOST, authority);
        }
        StringBuilder cookies = new StringBuilder();
        for (Map.Entry<CharSequence, CharSequence> field : from) {
            String name = field.getKey().toString();
            String value = field.getValue().toString();
            if (name.startsWith(":")) {
                if (!PSEUDO.contains(name)) {
                    throw new IllegalArgumentException("pseudo-header " + name + " in a request");
                }
            } else if (name.equals("cookie")) {
                check(name, value);
                boolean next = cookies.length() > 0 && !value.isEmpty();
                cookies.append(next ? "; " : "").append(value); // RFC 9113, 8.2.3
            } else if (!name.equals("host") || !isHostAgain(authority, value)) {
                check(name, value);
                to.add(field.getKey(), value);
            }
        }
        if (cookies.length() > 0) {
            to.set(HttpHeaderNames.COOKIE, cookies.toString());
        }
    }

    /** RFC 9113, 8.3.1: both may be there, if they name the same host. */
    private static boolean isHostAgain(@Nullable String authority, String host) {
        if (authority == null) {
            return false;
        }
        if (!authority.equalsIgnoreCase(host)) {
            throw new IllegalArgumentException(":authority and host name different hosts");
        }
        return true;
    }

    private static void check(String name, String value) {
        if (!isField(name)) {
            throw new IllegalArgumentException("field name '" + name + "' (expected: a token in lower case)");
        }
        if (CONNECTION_SPECIFIC.contains(name)) {
            throw new IllegalArgumentException("field " + name + ", which is about one connection of HTTP/1.1");
        }
        if (name.equals("te") && !value.equalsIgnoreCase("trailers")) {
            throw malformed("te", value);
        }
        boolean padded = !value.isEmpty() && (isBlank(value.charAt(0)) || isBlank(value.charAt(value.length() - 1)));
        if (padded || value.indexOf('\r') >= 0 || value.indexOf('\n') >= 0 || value.indexOf(0) >= 0) {
            throw new IllegalArgumentException("field " + name + " with a line end or space around its value");
        }
    }

    private static boolean isField(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
            if (!letter && MARKS.indexOf(c) < 0) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    /** HTTP/2 frames a body itself; HTTP/1.1 must be told. The codec compares the length with what comes. */
    private static void frame(HttpHeaders headers, boolean ended) {
        List<String> lengths = headers.getAll(HttpHeaderNames.CONTENT_LENGTH);
        if (lengths.size() > 1
                || !lengths.isEmpty() && !LENGTH.matcher(lengths.get(0)).matches()) {
            throw new IllegalArgumentException("content-length " + lengths + " (expected: one number)");
        }
        if (!ended && lengths.isEmpty()) {
            headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
    }

    /** Fields behind a body. RFC 9113, 8.1 */
    static void trailers(Http2Headers from, HttpHeaders to) {
        for (Map.Entry<CharSequence, CharSequence> field : from) {
            String name = field.getKey().toString();
            String value = field.getValue().toString();
            check(name, value);
            if (!FRAMING.contains(name)) {
                to.add(field.getKey(), value);
            }
        }
    }

    /** The head of an answer; what frames it in HTTP/1.1 stays behind. */
    static Http2Headers response(HttpResponse head) {
        Http2Headers headers = fields(head.headers());
        return headers.status(head.status().codeAsText());
    }

    /**
     * The request as HTTP/2 says it.
     *
     * @param scheme of the connection with the service
     */
    static Http2Headers toService(HttpRequest request, HttpScheme scheme) {
        Http2Headers headers = fields(request.headers());
        headers.remove(HttpHeaderNames.HOST);
        return headers.method(request.method().asciiName())
                .scheme(scheme.name())
                .authority(request.headers().get(HttpHeaderNames.HOST, ""))
                .path(request.uri());
    }

    /** The head of a service's answer as HTTP/1.1 would say it; framed in chunks where no length stands in it. */
    static HttpResponse answer(Http2Headers headers) {
        String status = one(headers, PseudoHeaderName.STATUS);
        if (!STATUS.matcher(status).matches()) {
            throw malformed(":status", status);
        }
        HttpResponse head =
                new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(Integer.parseInt(status)));
        for (Map.Entry<CharSequence, CharSequence> field : headers) {
            String name = field.getKey().toString();
            String value = field.getValue().toString();
            if (!name.equals(":status")) {
                check(name, value);
                head.headers().add(field.getKey(), value);
            }
        }
        boolean framed = head.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        frame(head.headers(), framed || isBodiless(head.status()));
        return head;
    }

    /** Whether an answer with this status has no body, whatever was asked. */
    static boolean isBodiless(HttpResponseStatus status) {
        return NO_BODY.contains(status.code());
    }

    /** As HTTP/2 writes them: in lower case, and nothing about one connection. */
    static Http2Headers fields(HttpHeaders from) {
        Http2Headers to = new DefaultHttp2Headers(false, from.size() + 1);
        var fields = from.iteratorCharSequence();
        while (fields.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = fields.next();
            AsciiString name = AsciiString.of(field.getKey()).toLowerCase();
            if (!CONNECTION_SPECIFIC.contains(name.toString())) {
                to.add(name, field.getValue());
            }
        }
        return to;
    }

    private static String one(Http2Headers headers, PseudoHeaderName name) {
        String value = optional(headers, name);
        if (value == null || value.isEmpty()) {
            throw new IllegalArgumentException("no " + name.value() + " (expected: one)");
        }
        return value;
    }

    private static @Nullable String optional(Http2Headers headers, PseudoHeaderName name) {
        List<CharSequence> values = headers.getAll(name.value());
        if (values.size() > 1) {
            throw new IllegalArgumentException(values.size() + " times " + name.value() + " (expected: once)");
        }
        return values.isEmpty() ? null : values.get(0).toString();
    }

    private static IllegalArgumentException malformed(String name, String value) {
        return new IllegalArgumentException(name + " '" + value + "' is not what a gateway for HTTP takes");
    }
}
