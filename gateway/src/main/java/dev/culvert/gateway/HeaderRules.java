package dev.culvert.gateway;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What happens to header fields on their way: those about one connection go (RFC 9110, 7.6.1), those between a client and this gateway go,
 * those that say where a message came from are set. All others keep their name, value and order. <em>Immutable.</em> Pure.
 */
final class HeaderRules {
    static final String AUTHORIZATION = "culvert-authorization";
    static final String TIMEOUT = "culvert-timeout";

    /** How long the answer may take to begin, where the caller gave no deadline. */
    static final String ANSWER_TIMEOUT = "culvert-answer-timeout";

    static final String GO_TIMEOUT = "x-backstream-request-timeout";
    static final String REQUEST_ID = "x-request-id";

    /** RFC 9440 */
    private static final String CLIENT_CERTIFICATE = "client-cert";

    private static final Set<String> HOP = Set.of(
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
    private static final Set<String> KEPT = Set.of(
            "host", "content-length", "transfer-encoding", "content-type", "authorization", "cookie", "te", "expect");

    /** What means nothing, or too much, behind a body. RFC 9110, 6.5.1 */
    private static final Set<String> HEAD_ONLY =
            Set.of("via", REQUEST_ID, "content-encoding", "content-range", "set-cookie", "www-authenticate");

    /** Said by this gateway alone, unless the client is a proxy that it trusts. */
    private static final Set<String> ORIGIN = Set.of(
            "forwarded",
            "x-forwarded-for",
            "x-forwarded-host",
            "x-forwarded-proto",
            "x-forwarded-port",
            "x-forwarded-server",
            "x-forwarded-prefix",
            "x-real-ip",
            "true-client-ip",
            "client-ip",
            CLIENT_CERTIFICATE,
            "client-cert-chain");

    private final String node;
    private final boolean tellsCertificates;

    /**
     * @param node the name of this node, for Via and Forwarded
     * @param tellsCertificates whether services learn the certificates of clients
     */
    HeaderRules(String node, boolean tellsCertificates) {
        this.node = node;
        this.tellsCertificates = tellsCertificates;
    }

    /**
     * Where a request came from.
     *
     * @param address of the client, an IPv6 one without brackets
     * @param secure over TLS
     * @param host as the client wrote it; empty: it wrote none
     * @param trusted the client is a proxy whose word counts
     * @param via the version of HTTP that the client speaks: 1.0, 1.1 or 2.0
     * @param certificate that the client has proved to hold; null: none
     */
    record Origin(
            String address,
            boolean secure,
            String host,
            boolean trusted,
            String via,
            @Nullable ClientCertificate certificate) {
        /** Of a connection; the host stands in its requests. {@code client} null: nobody knows it. */
        static Origin of(
                Channel channel, @Nullable SocketAddress client, boolean secure, TrustedProxies proxies, String via) {
            ClientCertificate certificate = secure ? ClientCertificate.of(channel) : null;
            return new Origin(Clients.address(client), secure, "", proxies.contains(client), via, certificate);
        }

        Origin withHost(String newHost) {
            return new Origin(address, secure, newHost, trusted, via, certificate);
        }

        Origin withVia(String newVia) {
            return new Origin(address, secure, host, trusted, newVia, certificate);
        }
    }

    /** Makes of a client's fields those that the service gets. */
    void toService(HttpHeaders headers, Origin origin, String requestId) {
        boolean trailers = headers.containsValue(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS, true);
        strip(headers, ORIGIN, origin.trusted());
        if (trailers) {
            headers.set(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS);
        }
        boolean six = origin.address().indexOf(':') >= 0;
        String scheme = origin.secure() ? "https" : "http";
        append(headers, "X-Forwarded-For", origin.address(), origin.trusted());
        setIfAbsent(headers, "X-Forwarded-Proto", scheme);
        if (!origin.host().isEmpty()) {
            setIfAbsent(headers, "X-Forwarded-Host", origin.host());
        }
        String by = six ? "\"[" + origin.address() + "]\"" : origin.address();
        String host = origin.host().isEmpty() ? "" : ";host=\"" + origin.host() + "\"";
        append(headers, "Forwarded", "for=" + by + host + ";proto=" + scheme, origin.trusted());
        ClientCertificate certificate = origin.certificate();
        if (tellsCertificates && certificate != null) {
            headers.set(CLIENT_CERTIFICATE, certificate.field());
        }
        headers.set(REQUEST_ID, requestId);
        headers.add(HttpHeaderNames.VIA, origin.via() + " " + node);
    }

    /** Makes of a service's fields those that the client gets; the framing stays as it is. */
    void toClient(HttpHeaders headers) {
        strip(headers, Set.of(), true);
        headers.add(HttpHeaderNames.VIA, "1.1 " + node);
    }

    /** Whether a body comes in chunks and in no other clothes. */
    static boolean isPlainlyChunked(HttpHeaders headers) {
        List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        return codings.size() == 1 && HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(codings.get(0));
    }

    /** Fields behind a body may not say what had to be known before it. RFC 9110, 6.5.1 */
    void trailers(HttpHeaders trailers) {
        for (String name : List.copyOf(trailers.names())) {
            String plain = plain(name);
            boolean late = HEAD_ONLY.contains(plain) || HOP.contains(plain) || KEPT.contains(plain);
            if (late || isInternal(plain) || ORIGIN.contains(plain)) {
                trailers.remove(name);
            }
        }
    }

    /**
     * @param claims what only who is trusted may say
     * @param trusted whether the other side is
     */
    private static void strip(HttpHeaders headers, Set<String> claims, boolean trusted) {
        Set<String> named = named(headers);
        List<String> going = new ArrayList<>(2);
        Iterator<Map.Entry<CharSequence, CharSequence>> fields = headers.iteratorCharSequence();
        while (fields.hasNext()) {
            String name = fields.next().getKey().toString();
            String lower = name.toLowerCase(Locale.ROOT);
            String plain = lower.replace('_', '-');
            // no proxy writes underscores: what has them came through it
            boolean believed = trusted && name.indexOf('_') < 0;
            if (HOP.contains(lower)
                    || named.contains(lower)
                    || isInternal(plain)
                    || !believed && claims.contains(plain)) {
                going.add(name);
            }
        }
        going.forEach(headers::remove);
    }

    /** What Connection says that it is about one connection, in lower case. */
    private static Set<String> named(HttpHeaders headers) {
        List<String> values = headers.getAll(HttpHeaderNames.CONNECTION);
        if (values.isEmpty()) {
            return Set.of();
        }
        Set<String> named = new HashSet<>();
        for (String value : values) {
            for (String token : value.split(",", -1)) {
                named.add(token.strip().toLowerCase(Locale.ROOT));
            }
        }
        named.removeAll(KEPT);
        return named;
    }

    /** Between a client and this gateway. */
    static boolean isInternal(String plainName) {
        return plainName.startsWith("culvert-") || plainName.startsWith("x-backstream-");
    }

    /** As servers see it that do not tell an underscore from a hyphen. */
    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static void append(HttpHeaders headers, String name, String value, boolean keep) {
        List<String> before = keep ? headers.getAll(name) : List.of();
        headers.set(name, before.isEmpty() ? value : String.join(", ", before) + ", " + value);
    }

    private static void setIfAbsent(HttpHeaders headers, String name, String value) {
        if (!headers.contains(name)) {
            headers.set(name, value);
        }
    }
}
