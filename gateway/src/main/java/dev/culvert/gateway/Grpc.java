package dev.culvert.gateway;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What gRPC says in its own words where HTTP has others. <em>Stateless.</em> Pure. */
final class Grpc {
    static final String TYPE = "application/grpc";
    private static final String TIMEOUT = "grpc-timeout";
    private static final Pattern TIME = Pattern.compile("(\\d{1,8})([HMSmun])");

    private Grpc() {}

    static boolean isCall(HttpHeaders headers) {
        String type = headers.get(HttpHeaderNames.CONTENT_TYPE, "").toLowerCase(Locale.ROOT);
        return type.startsWith(TYPE)
                && (type.length() == TYPE.length() || "+;".indexOf(type.charAt(TYPE.length())) >= 0);
    }

    /** How long the caller waits; null: without end, or in words that only the service may understand. */
    static @Nullable Duration timeout(HttpHeaders headers) {
        Matcher matcher = TIME.matcher(headers.get(TIMEOUT, ""));
        if (!matcher.matches()) {
            return null;
        }
        long count = Math.max(1, Long.parseLong(matcher.group(1))); // none would mean without end here
        return switch (matcher.group(2)) {
            case "H" -> Duration.ofHours(count);
            case "M" -> Duration.ofMinutes(count);
            case "S" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMillis(count);
            case "u" -> Duration.ofNanos(count * 1_000);
            default -> Duration.ofNanos(count);
        };
    }

    /** A whole answer in one header section. */
    static Http2Headers trailersOnly(HttpFault fault, String requestId) {
        Http2Headers headers = new DefaultHttp2Headers(false, 8)
                .status("200")
                .set(HttpHeaderNames.CONTENT_TYPE, TYPE)
                .set(HeaderRules.REQUEST_ID, requestId);
        if (!fault.code().isEmpty()) {
            headers.set("culvert-error", fault.code());
        }
        return headers.setAll(trailers(fault));
    }

    /** The end of an answer that had begun. */
    static Http2Headers trailers(HttpFault fault) {
        return new DefaultHttp2Headers(false, 2)
                .setInt("grpc-status", status(fault.status().code()))
                .set("grpc-message", message(fault));
    }

    /** The numbers are gRPC's. */
    private static int status(int code) {
        return switch (code) {
            case 401 -> 16; // UNAUTHENTICATED
            case 403 -> 7; // PERMISSION_DENIED
            case 404, 405, 421 -> 12; // UNIMPLEMENTED
            case 408, 499 -> 1; // CANCELLED
            case 413, 414, 429, 431 -> 8; // RESOURCE_EXHAUSTED
            case 504 -> 4; // DEADLINE_EXCEEDED
            default -> code < 500 ? 13 : 14; // INTERNAL, UNAVAILABLE
        };
    }

    /** Percent-encoded UTF-8. */
    private static String message(HttpFault fault) {
        String text = fault.text()
                + (fault.hop().isEmpty() ? "" : " (at " + fault.hop() + ")")
                + (fault.next().isEmpty() ? "" : "; " + fault.next());
        StringBuilder encoded = new StringBuilder(text.length());
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b >= ' ' && b <= '~' && b != '%') {
                encoded.append((char) b);
            } else {
                encoded.append(String.format("%%%02X", b));
            }
        }
        return encoded.toString();
    }
}
