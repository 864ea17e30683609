package dev.culvert.node.proxy;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Headers that are about one connection and not about the message (RFC 9110, 7.6.1). <em>Stateless.</em> */
final class HopHeaders {
    private static final List<String> ALWAYS = List.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-authentication-info",
            "te",
            "upgrade",
            "http2-settings");

    /** What Connection may not take away: the message would mean something else. */
    private static final Set<String> KEPT =
            Set.of("host", "content-length", "transfer-encoding", "content-type", "authorization", "cookie");

    private static final String VIA = "1.1 culvert";

    private HopHeaders() {}

    /** Takes them away, those that Connection names too, and says who passed the message on. Transfer-Encoding stays. */
    static void strip(HttpHeaders headers) {
        List<String> named = new ArrayList<>(ALWAYS);
        for (String value : headers.getAll(HttpHeaderNames.CONNECTION)) {
            for (String token : value.split(",", -1)) {
                String name = token.strip().toLowerCase(Locale.ROOT);
                if (!name.isEmpty() && !KEPT.contains(name)) {
                    named.add(name);
                }
            }
        }
        named.forEach(headers::remove);
        headers.add(HttpHeaderNames.VIA, VIA);
    }
}
