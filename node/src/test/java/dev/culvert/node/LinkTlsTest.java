package dev.culvert.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.culvert.api.LinkException;
import dev.culvert.api.LinkTls;
import dev.culvert.api.Node;
import dev.culvert.api.NodeBuilder;
import dev.culvert.api.Stream;
import dev.culvert.policy.CertificateFolder;
import dev.culvert.policy.RelayCertificate;
import dev.culvert.policy.TlsCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Links whose TLS has certificates of an operator's, in folders or in an SSLContext. */
@Timeout(60)
final class LinkTlsTest {
    private final Deque<Node> nodes = new ArrayDeque<>();

    @TempDir
    private Path state;

    @AfterEach
    void close() {
        nodes.forEach(Node::close);
    }

    private Node start(NodeBuilder builder) throws IOException {
        Node node = builder.start();
        nodes.addFirst(node);
        return node;
    }

    private Node hub(LinkTls tls) throws IOException {
        return start(Node.builder().name("hub").listen("127.0.0.1:0").tls(tls));
    }

    private Node edge(Node hub, LinkTls tls) throws IOException {
        return start(Node.builder()
                .name("edge7")
                .join(hub.invite())
                .retry(Duration.ZERO, Duration.ofMillis(100), -1)
                .tls(tls));
    }

    private static void works(Node hub, Node edge) throws IOException {
        edge.awaitLink(Net.PATIENCE);
        edge.bind("web", stream -> stream.output().write(7));
        try (Stream stream = hub.dial("edge7.web")) {
            assertThat(stream.input().read()).isEqualTo(7);
        }
        assertThat(hub.sessions().get(0).principal()).startsWith("key:");
    }

    /** As anybody sees it who connects to the port. */
    private static String shown(Node hub) throws Exception {
        String join = hub.invite();
        int port = Integer.parseInt(join.replaceFirst("culvert://127.0.0.1:(\\d+)/.*", "$1"));
        SSLContext anything = SSLContext.getInstance("TLS");
        anything.init(null, new TrustManager[] {new TrustsAnything()}, null);
        try (SSLSocket socket = (SSLSocket) anything.getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.startHandshake();
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        }
    }

    private static SSLContext context(Path folder, String name) throws Exception {
        TlsCertificates read = CertificateFolder.open(folder, name, InstantSource.system(), Runnable::run)
                .get();
        RelayCertificate shown = Objects.requireNonNull(read.own());
        KeyStore own = KeyStore.getInstance(KeyStore.getDefaultType());
        own.load(null, null);
        own.setKeyEntry("own", shown.key(), new char[0], shown.chain().toArray(X509Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, new char[0]);
        KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
        authorities.load(null, null);
        authorities.setCertificateEntry("ca", read.authorities().get(0));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(authorities);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    @Test
    void a_relay_shows_its_folder_s_certificate_and_those_who_trust_its_authority_link() throws Exception {
        Path folder = new Company("Acme").issue(state.resolve("certs"), "server");
        Node hub = hub(LinkTls.folder(folder, "server"));
        assertThat(shown(hub)).isEqualTo("CN=server");
        works(hub, edge(hub, LinkTls.authorities(folder)));
        Node stranger = edge(hub, LinkTls.SELF_ISSUED);
        assertThatThrownBy(() -> stranger.awaitLink(Net.PATIENCE)).isInstanceOf(LinkException.class);
    }

    @Test
    void with_client_certificates_only_those_link_who_show_one_of_the_authority_s() throws Exception {
        Company company = new Company("Acme");
        Path folder = company.issue(state.resolve("certs"), "server");
        company.issue(folder, "client");
        Path foreign = new Company("Evil").issue(state.resolve("foreign"), "client");
        Files.copy(folder.resolve("ca.pem"), foreign.resolve("ca.pem"), StandardCopyOption.REPLACE_EXISTING);
        Node hub = hub(LinkTls.folder(folder, "server").withClientCertificates());

        Node bare = edge(hub, LinkTls.authorities(folder));
        Node other = edge(hub, LinkTls.folder(foreign, "client"));
        works(hub, edge(hub, LinkTls.folder(folder, "client")));
        assertThat(bare.sessions()).isEmpty();
        assertThat(other.sessions()).isEmpty();
        assertThat(hub.sessions()).hasSize(1);
    }

    @Test
    void an_ssl_context_serves_both_ends() throws Exception {
        Company company = new Company("Acme");
        Path folder = company.issue(state.resolve("certs"), "server");
        company.issue(folder, "client");
        Node hub = hub(LinkTls.context(context(folder, "server")).withClientCertificates());
        works(hub, edge(hub, LinkTls.context(context(folder, "client"))));
        await().atMost(Net.PATIENCE).until(() -> hub.sessions().size() == 1);
    }

    @Test
    void a_relay_that_is_pinned_needs_no_authority() throws Exception {
        Path folder = new Company("Acme").issue(state.resolve("certs"), "client");
        Node hub = hub(LinkTls.SELF_ISSUED);
        works(hub, edge(hub, LinkTls.folder(folder, "client")));
    }

    @Test
    void what_is_wrong_stops_the_start_and_says_which_file() throws Exception {
        Path folder = new Company("Acme").issue(state.resolve("certs"), "server");
        assertThatThrownBy(() -> hub(LinkTls.folder(folder, "nobody")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("nobody.key");
        assertThatThrownBy(() -> hub(LinkTls.authorities(folder)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("name.pem");
        assertThatThrownBy(() -> hub(LinkTls.SELF_ISSUED.withClientCertificates()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ca.pem");
        Files.delete(folder.resolve("ca.pem"));
        assertThatThrownBy(() -> hub(LinkTls.folder(folder, "server").withClientCertificates()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ca.pem");
        assertThatThrownBy(() -> LinkTls.folder(folder, "../x")).isInstanceOf(IllegalArgumentException.class);
    }
}
