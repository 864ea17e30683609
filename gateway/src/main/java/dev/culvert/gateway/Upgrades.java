package dev.culvert.gateway;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/** Requests that ask for another protocol on the same connection. <em>Stateless.</em> RFC 9110, 7.8 */
final class Upgrades {
    private Upgrades() {}

    /** The protocol that the service may switch to; null: none. The upgrade to HTTP/2 is nobody's business but this connection's. */
    static @Nullable String wanted(HttpRequest request) {
        HttpHeaders headers = request.headers();
        String protocol = headers.get(HttpHeaderNames.UPGRADE);
        boolean bodiless =
                !headers.contains(HttpHeaderNames.TRANSFER_ENCODING) && HttpUtil.getContentLength(request, 0L) == 0;
        return protocol != null
                        && bodiless
                        && request.protocolVersion().equals(HttpVersion.HTTP_1_1)
                        && headers.getAll(HttpHeaderNames.UPGRADE).size() == 1
                        && !protocol.regionMatches(true, 0, "h2", 0, 2)
                        && headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
                ? protocol
                : null;
    }
}
