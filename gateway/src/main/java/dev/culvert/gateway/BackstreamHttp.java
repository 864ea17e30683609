package dev.culvert.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.culvert.gateway.BackstreamWire.Answered;
import dev.culvert.gateway.BackstreamWire.Asked;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * HTTP as backstream's services see it: header names in Go's canonical form, for they look them up without another thought; the path
 * unescaped, for they escape it again. <em>Stateless.</em> Pure.
 */
final class BackstreamHttp {
    /** About the connection that the message came by; lengths are known without saying. */
    private static final Set<String> HOP = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "transfer-encoding",
            "content-length",
            "expect",
            "host",
            "te",
            "trailer",
            "upgrade");

    private static final Duration MORE = Duration.ofMillis(500);

    private BackstreamHttp() {}

    static Asked asked(FullHttpRequest request) throws Rejected {
        String uri = request.uri();
        int mark = uri.indexOf('?');
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (Map.Entry<String, String> field : request.headers()) {
            String name = field.getKey().toLowerCase(Locale.ROOT);
            if (!HOP.contains(name) && !HeaderRules.isInternal(name)) {
                headers.computeIfAbsent(canonical(field.getKey()), key -> new ArrayList<>(1))
                        .add(text(field.getValue()));
            }
        }
        byte[] body = ByteBufUtil.getBytes(request.content());
        if (body.length > 0 || request.headers().contains(HttpHeaderNames.CONTENT_LENGTH)) {
            headers.put("Content-Length", List.of(Integer.toString(body.length)));
        }
        String left = left(request.headers());
        if (!left.isEmpty()) {
            headers.put("X-Backstream-Request-Timeout", List.of(patience(left)));
        }
        return new Asked(
                request.method().name(),
                unescaped(mark < 0 ? uri : uri.substring(0, mark)),
                mark < 0 ? "" : uri.substring(mark + 1),
                headers,
                body);
    }

    /** Its answer is whole, so what the answer may take to begin bounds all of it. */
    private static String left(HttpHeaders headers) {
        return Stream.of(HeaderRules.TIMEOUT, HeaderRules.GO_TIMEOUT, HeaderRules.ANSWER_TIMEOUT)
                .map(name -> headers.get(name, ""))
                .filter(value -> !value.isEmpty())
                .findFirst()
                .orElse("");
    }

    /** A little more than is left, so that the caller hears of its deadline here and not of what a cancelled handler leaves behind. */
    private static String patience(String left) throws Rejected {
        try {
            return GoDuration.print(GoDuration.parse(left).plus(MORE).toNanos());
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new Rejected(HttpFault.badRequest("a deadline of " + left, "write it as 1.5s, 300ms or 1m30s"));
        }
    }

    /** As Go does it: the first letter and those behind hyphens large, all others small. */
    static String canonical(String name) {
        StringBuilder canonical = new StringBuilder(name.length());
        boolean first = true;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c <= ' ' || c >= 0x7f) {
                return name;
            }
            canonical.append(first ? Character.toUpperCase(c) : Character.toLowerCase(c));
            first = c == '-';
        }
        return canonical.toString();
    }

    /** What came as bytes, read as UTF-8 if it is that. */
    private static String text(String latin) {
        byte[] bytes = latin.getBytes(ISO_8859_1);
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException noUtf8) {
            return latin;
        }
    }

    /** A path in which a slash is escaped stays as it is: unescaped it would be another one. */
    static String unescaped(String path) throws Rejected {
        if (path.indexOf('%') < 0 || path.toLowerCase(Locale.ROOT).contains("%2f")) {
            return path;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(path.length());
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c != '%') {
                bytes.write(c);
                continue;
            }
            int high = i + 2 < path.length() ? Character.digit(path.charAt(i + 1), 16) : -1;
            int low = i + 2 < path.length() ? Character.digit(path.charAt(i + 2), 16) : -1;
            if (high < 0 || low < 0) {
                throw badPath();
            }
            bytes.write(16 * high + low);
            i += 2;
        }
        try {
            return UTF_8.newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw badPath();
        }
    }

    private static Rejected badPath() {
        return new Rejected(HttpFault.badRequest(
                "the path is no UTF-8 in escapes, and the service behind it takes nothing else",
                "escape the path's bytes with % and two hexadecimal digits"));
    }

    /** @throws Rejected if no HTTP can be made of it */
    static FullHttpResponse response(Answered answered) throws Rejected {
        int status = answered.status();
        if (status == 0) {
            throw new Rejected(HttpFault.of(
                    HttpResponseStatus.INTERNAL_SERVER_ERROR,
                    "the service's handler failed and left no answer",
                    "see the service's own log"));
        }
        if (status < 200 || status > 999) {
            throw broken("status " + status + " (expected: 200 to 999)");
        }
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), Unpooled.wrappedBuffer(answered.body()));
        HttpHeaders headers = response.headers();
        try {
            answered.headers().forEach((name, values) -> {
                String lower = name.toLowerCase(Locale.ROOT);
                if (!HOP.contains(lower) || lower.equals("content-length")) {
                    values.forEach(value -> headers.add(name, new String(value.getBytes(UTF_8), ISO_8859_1)));
                }
            });
        } catch (IllegalArgumentException e) {
            throw broken("a header that HTTP does not permit: " + e.getMessage());
        }
        return response;
    }

    static Rejected broken(String what) {
        return new Rejected(new HttpFault(
                HttpResponseStatus.BAD_GATEWAY,
                "PROTOCOL",
                "the service answered with " + what,
                "",
                "see that the service speaks backstream, with the codec that it was taken for",
                0));
    }
}
