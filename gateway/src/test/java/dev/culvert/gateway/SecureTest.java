package dev.culvert.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.node.RawHttp;
import io.netty.pkitesting.X509Bundle;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS of the gateway's own: versions by ALPN, certificates by name and exchanged while it runs, and the way there from plain HTTP. */
final class SecureTest {
    private static X509Bundle authority;
    private static SSLContext trusting;

    @TempDir
    Path folder;

    private Site site;
    private Gateway gateway;
    private int port;
    private final AtomicReference<Certificates> certificates = new AtomicReference<>();

    @BeforeAll
    static void make() throws Exception {
        authority = Issued.authority("authority");
        trusting = trusting();
    }

    /** A client with no memory of sessions. */
    private static SSLContext trusting() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, Issued.trusting(authority), null);
        return context;
    }

    @BeforeEach
    void start() throws Exception {
        site = new Site();
        certificates.set(Certificates.of(List.of(pem("localhost"), pem("web.localhost"), pem("*.shop.localhost"))));
        gateway = site.newGateway(GatewayOptions.DEFAULT, Site.ANYONE);
        port = site.enter(gateway.secure(certificates::get));
    }

    @AfterEach
    void stop() {
        site.close();
    }

    private static Certificates.Pem pem(String host) throws Exception {
        X509Bundle bundle = Issued.to(host.replace("*", "any"))
                .addExtensionOctetString("2.5.29.17", false, names(host))
                .buildIssuedBy(authority);
        return Issued.pem(host, bundle);
    }

    /** A sequence of one dNSName in DER; the builder takes no wildcard. */
    private static byte[] names(String host) {
        String head = "0" + (char) (host.length() + 2) + (char) 0x82 + (char) host.length();
        return (head + host).getBytes(StandardCharsets.ISO_8859_1);
    }

    private HttpResponse<String> get(HttpClient.Version version) throws Exception {
        HttpClient client =
                HttpClient.newBuilder().sslContext(trusting).version(version).build();
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/a"))
                .header("culvert-target", "web")
                .timeout(Site.PATIENCE)
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    /** What stands in the certificate that a client of this name is shown. */
    private String shownTo(String name) throws Exception {
        try (SSLSocket socket = (SSLSocket) trusting().getSocketFactory().createSocket("127.0.0.1", port)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(name)));
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            X509Certificate leaf = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return leaf.getSubjectX500Principal().getName();
        }
    }

    @Test
    void clients_choose_http_2_or_http_1_in_the_handshake_and_the_service_learns_of_tls() throws Exception {
        BlockingQueue<String> seen = site.answer("web", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        HttpResponse<String> second = get(HttpClient.Version.HTTP_2);
        assertThat(second.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(second.body()).isEqualTo("ok");
        assertThat(seen.take()).contains("X-Forwarded-Proto: https").contains("via: 2.0 relay1");
        HttpResponse<String> first = get(HttpClient.Version.HTTP_1_1);
        assertThat(first.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        assertThat(first.body()).isEqualTo("ok");
        assertThat(seen.take()).contains("X-Forwarded-Proto: https").contains("via: 1.1 relay1");
    }

    @Test
    void certificates_are_chosen_by_name_and_new_ones_count_at_once() throws Exception {
        assertThat(shownTo("web.localhost")).isEqualTo("CN=web.localhost");
        assertThat(shownTo("WEB.localhost")).isEqualTo("CN=web.localhost");
        assertThat(shownTo("a.shop.localhost")).isEqualTo("CN=any.shop.localhost");
        assertThat(shownTo("a.b.shop.localhost"))
                .as("one label only; else the first")
                .isEqualTo("CN=localhost");
        certificates.set(Certificates.of(List.of(pem("new.localhost"))));
        assertThat(shownTo("web.localhost")).isEqualTo("CN=new.localhost");
    }

    @Test
    void curl_speaks_http_2_over_tls() throws Exception {
        site.answer("web", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        Path ca = Files.writeString(folder.resolve("ca.pem"), authority.getCertificatePEM());
        String said = Curl.run(
                "--http2",
                "--cacert",
                ca.toString(),
                "--resolve",
                "web.localhost:" + port + ":127.0.0.1",
                "-w",
                " %{http_version} %{num_connects}\n",
                "https://web.localhost:" + port + "/",
                "https://web.localhost:" + port + "/");
        assertThat(said).isEqualTo("ok 2 1\nok 2 0\n");
    }

    @Test
    void plain_http_is_sent_on_to_tls_where_that_is_wanted() throws Exception {
        int plain = site.gateway(GatewayOptions.DEFAULT.withRedirectPort(8443), Site.ANYONE);
        String answer = RawHttp.ask(plain, "POST /a?b HTTP/1.1\r\nHost: web.localhost:80\r\nConnection: close\r\n\r\n");
        assertThat(answer)
                .startsWith("HTTP/1.1 308 Permanent Redirect\r\n")
                .containsIgnoringCase("\r\nlocation: https://web.localhost:8443/a?b\r\n");
        int usual = site.gateway(GatewayOptions.DEFAULT.withRedirectPort(443), Site.ANYONE);
        try (Http2Peer peer = Http2Peer.connect(usual)) {
            peer.get(1, "web", "/");
            assertThat(peer.answer(1).head()).containsEntry("location", "https://web.localhost/");
        }
    }

    @Test
    void what_is_no_handshake_ends_the_connection_and_no_other() throws Exception {
        site.answer("web", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        assertThat(RawHttp.ask(port, "GET / HTTP/1.1\r\nHost: web.localhost\r\n\r\n"))
                .doesNotContain("HTTP/1.1 200");
        assertThat(get(HttpClient.Version.HTTP_2).body()).isEqualTo("ok");
    }
}
