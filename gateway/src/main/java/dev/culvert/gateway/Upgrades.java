package dev.culvert.gateway;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Requests that ask for another protocol on the same connection. <em>Stateless.</em> RFC 9110, 7.8 */
final class Upgrades {
    private Upgrades() {}

    /** The protocol that the service may switch to; null: none. A list with HTTP/2 in it is none: that is
     * nobody's business but this connection's, and behind it requests would pass that were not judged. */
    static @Nullable String wanted(HttpRequest request) {
        HttpHeaders headers = request.headers();
        String protocol = headers.get(HttpHeaderNames.UPGRADE);
        boolean bodiless =
                !headers.contains(HttpHeaderNames.TRANSFER_ENCODING) && HttpUtil.getContentLength(request, 0L) == 0;
        return protocol != null
                        && bodiless
                        && request.protocolVersion().equals(HttpVersion.HTTP_1_1)
                        && headers.getAll(HttpHeaderNames.UPGRADE).size() == 1
                        && protocols(protocol).stream().noneMatch(name -> name.startsWith("h2"))
                        && headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
                ? protocol
                : null;
    }

    /** Whether a request that was rewritten for a service asks for another protocol. */
    static boolean isWanted(HttpRequest rewritten) {
        return rewritten.headers().contains(HttpHeaderNames.UPGRADE);
    }

    /** Whether the service switches to nothing but what was asked for. */
    static boolean isAnswered(String wanted, String given) {
        return !given.isEmpty() && protocols(wanted).containsAll(protocols(given));
    }

    private static List<String> protocols(String field) {
        return Stream.of(field.split(",", -1))
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .toList();
    }
}
