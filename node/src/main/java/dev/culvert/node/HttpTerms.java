package dev.culvert.node;

import dev.culvert.api.GatewayTerms;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a gateway is to speak to a service, as its node registered it in labels. <em>Immutable.</em> [CTRL-4c]
 *
 * @param host in place of the one that a request names; empty: that one stays
 * @param http2 HTTP/2, and not only for gRPC
 * @param tls the service's node speaks TLS to it, so that its scheme is https
 * @param perClient the service is told the address of each connection's client, so that no other's requests may follow
 */
public record HttpTerms(String host, boolean http2, boolean tls, boolean perClient) {
    /** What holds where nothing is said: HTTP/1.1, the Host as it came. */
    public static final HttpTerms DEFAULT = new HttpTerms("", false, false, false);

    private static final String HOST = "http.host";
    private static final String VERSION = "http.version";
    private static final String TLS = "http.tls";
    private static final String PROXY_PROTOCOL = "proxy-protocol";

    /** What is not understood is not there. */
    static HttpTerms of(Map<String, String> labels) {
        if (labels.isEmpty()) {
            return DEFAULT;
        }
        String host = labels.getOrDefault(HOST, "");
        return new HttpTerms(
                GatewayTerms.isHost(host) ? host : "",
                labels.getOrDefault(VERSION, "").equals("2"),
                labels.getOrDefault(TLS, "").equals("true"),
                labels.containsKey(PROXY_PROTOCOL));
    }

    /** Of all nodes that offer a service, of which there is one at least. */
    static HttpTerms of(List<Route> routes) {
        HttpTerms terms = routes.get(0).offer().httpTerms();
        for (Route route : routes) {
            terms = terms.and(route.offer().httpTerms());
        }
        return terms;
    }

    Map<String, String> labels() {
        Map<String, String> labels = new LinkedHashMap<>();
        if (!host.isEmpty()) {
            labels.put(HOST, host);
        }
        if (http2) {
            labels.put(VERSION, "2");
        }
        if (tls) {
            labels.put(TLS, "true");
        }
        if (perClient) {
            labels.put(PROXY_PROTOCOL, "true");
        }
        return labels;
    }

    /** What holds for a service that two nodes offer: what both say, but that one of them is told of clients is enough. */
    HttpTerms and(HttpTerms other) {
        return equals(other)
                ? this
                : new HttpTerms(
                        host.equals(other.host) ? host : "",
                        http2 && other.http2,
                        tls && other.tls,
                        perClient || other.perClient);
    }
}
