package dev.culvert.gateway;

import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Base64;
import java.util.random.RandomGenerator;

/** WebSocket on a stream of HTTP/2, which services know as an upgrade of HTTP/1.1. RFC 8441. <em>Stateless.</em> */
final class Http2Tunnels {
    private static final int KEY_BYTES = 16;

    private Http2Tunnels() {}

    /** Whether what follows the head is no body. */
    static boolean isWanted(Http2Headers headers) {
        return headers.contains(Http2Headers.PseudoHeaderName.PROTOCOL.value());
    }

    /** The request to upgrade that says the same, but for its {@link #key}. */
    static HttpRequest request(Http2Headers headers, String method, String protocol, String path, boolean ended) {
        if (!method.equals("CONNECT") || !protocol.equals("websocket") || ended) {
            throw new IllegalArgumentException(method + " with :protocol " + protocol
                    + " (expected: CONNECT with websocket, and a stream that stays)");
        }
        HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, path);
        HttpHeaders fields = request.headers();
        Http2Heads.fields(headers, fields);
        if (fields.contains(HttpHeaderNames.CONTENT_LENGTH)) {
            throw new IllegalArgumentException("content-length of a stream that is no body");
        }
        fields.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
        fields.set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
        return request;
    }

    /** A key for the request, which says only that the service has read it: RFC 6455, 10.8 */
    static void key(HttpRequest request, RandomGenerator random) {
        byte[] key = new byte[KEY_BYTES];
        random.nextBytes(key);
        request.headers()
                .set(HttpHeaderNames.SEC_WEBSOCKET_KEY, Base64.getEncoder().encodeToString(key));
    }

    /** What 101 means here. RFC 8441, 5 */
    static Http2Headers accepted(HttpResponse head) {
        head.headers().remove(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT);
        return Http2Heads.fields(head.headers()).status("200");
    }
}
