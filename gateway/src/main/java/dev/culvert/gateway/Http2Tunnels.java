package dev.culvert.gateway;

import io.netty.handler.codec.http.DefaultHttpRequest;
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
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** WebSocket on a stream of HTTP/2, and the upgrade of HTTP/1.1 that means the same. RFC 8441. <em>Stateless.</em> */
final class Http2Tunnels {
    private static final int KEY_BYTES = 16;
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9+/]{22}==");
    private static final String ACCEPTED = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

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

    /**
     * Whether a request of HTTP/1.1 may be said as an extended CONNECT: it opens a WebSocket as RFC 6455, 4.1 says. What is not quite so is for
     * the service to judge.
     */
    static boolean isOpening(HttpRequest request) {
        HttpHeaders fields = request.headers();
        List<String> keys = fields.getAll(HttpHeaderNames.SEC_WEBSOCKET_KEY);
        return request.method().equals(HttpMethod.GET)
                && HttpHeaderValues.WEBSOCKET.contentEqualsIgnoreCase(fields.get(HttpHeaderNames.UPGRADE))
                && keys.size() == 1
                && KEY.matcher(keys.get(0)).matches();
    }

    /** The extended CONNECT that says the same. RFC 8441, 5 */
    static Http2Headers toService(HttpRequest opening, HttpScheme scheme) {
        Http2Headers headers = Http2Heads.toService(opening, scheme);
        headers.remove(HttpHeaderNames.SEC_WEBSOCKET_KEY);
        return headers.method(HttpMethod.CONNECT.asciiName())
                .set(Http2Headers.PseudoHeaderName.PROTOCOL.value(), HttpHeaderValues.WEBSOCKET);
    }

    /**
     * What the answer to it means in HTTP/1.1: 101, if it is a success.
     *
     * @param key of the request that opened it
     */
    static HttpResponse answer(HttpResponse head, String key) {
        if (head.status().codeClass() != HttpStatusClass.SUCCESS) {
            return head;
        }
        HttpHeaders fields = head.headers();
        fields.remove(HttpHeaderNames.CONTENT_LENGTH);
        fields.remove(HttpHeaderNames.TRANSFER_ENCODING);
        fields.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
        fields.set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
        fields.set(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT, accept(key));
        return head.setStatus(HttpResponseStatus.SWITCHING_PROTOCOLS);
    }

    /** RFC 6455, 4.2.2 */
    static String accept(String key) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-1").digest((key + ACCEPTED).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
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
