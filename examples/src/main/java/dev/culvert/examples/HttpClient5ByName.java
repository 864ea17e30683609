package dev.culvert.examples;

import dev.culvert.api.Node;
import dev.culvert.api.net.NamedAddress;
import java.io.IOException;
import java.net.InetAddress;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/**
 * Asks a web server on a machine that cannot be dialled, with Apache HttpClient 5: {@code CULVERT_JOIN='culvert://...' java ...
 * HttpClient5ByName http://edge7.web/}. The client looks names up before it connects, so the look-up only wraps the name.
 */
public final class HttpClient5ByName {
    private HttpClient5ByName() {}

    public static void main(String[] args) throws IOException {
        try (Node node = Node.join(System.getenv("CULVERT_JOIN"));
                CloseableHttpClient client = client(node)) {
            System.out.println(get(client, args[0]));
        }
    }

    /** Keep one for all requests: it pools connections, here streams. HTTPS goes through a stream as through a socket. */
    static CloseableHttpClient client(Node node) {
        return HttpClients.custom()
                .setConnectionManager(
                        new OverStreams(node).setDnsResolver(new Names()).build())
                .build();
    }

    static String get(CloseableHttpClient client, String url) throws IOException {
        return client.execute(
                new HttpGet(url), response -> response.getCode() + " " + EntityUtils.toString(response.getEntity()));
    }

    /** The only difference to the client's own connections is who makes the sockets. */
    private static final class OverStreams extends PoolingHttpClientConnectionManagerBuilder {
        private final Node node;

        OverStreams(Node node) {
            this.node = node;
        }

        @Override
        protected HttpClientConnectionOperator createConnectionOperator(
                SchemePortResolver ports, DnsResolver names, TlsSocketStrategy tls) {
            return new DefaultHttpClientConnectionOperator(
                    proxy -> node.socketFactory().createSocket(),
                    ports,
                    names,
                    RegistryBuilder.<TlsSocketStrategy>create()
                            .register("https", tls)
                            .build());
        }
    }

    private static final class Names implements DnsResolver {
        @Override
        public InetAddress[] resolve(String host) {
            return new InetAddress[] {NamedAddress.of(host)};
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    }
}
