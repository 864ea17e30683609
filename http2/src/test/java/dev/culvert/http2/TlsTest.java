package dev.culvert.http2;

import static dev.culvert.http2.Sockets.hear;
import static dev.culvert.http2.Sockets.say;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** TLS that the preface listener ends: who a peer is, which host a client asked for. */
@Timeout(60)
final class TlsTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String PREFACE = new String(FirstBytes.PREFACE, StandardCharsets.ISO_8859_1);

    private static X509Bundle authority;
    private static X509Bundle cloud;

    private final List<AutoCloseable> opened = new ArrayList<>();

    @BeforeAll
    static void certificates() throws Exception {
        authority = new CertificateBuilder()
                .algorithm(CertificateBuilder.Algorithm.ecp256)
                .subject("CN=authority")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        cloud = issue("cloud.example");
    }

    private static X509Bundle issue(String name) throws Exception {
        return new CertificateBuilder()
                .algorithm(CertificateBuilder.Algorithm.ecp256)
                .subject("CN=" + name)
                .addSanDnsName(name)
                .addSanIpAddress("127.0.0.1")
                .buildIssuedBy(authority);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    private static SslContext server(ClientAuth clients) throws IOException {
        return SslContextBuilder.forServer(cloud.getKeyPair().getPrivate(), cloud.getCertificatePathWithRoot())
                .sslProvider(SslProvider.JDK)
                .trustManager(authority.getCertificate())
                .clientAuth(clients)
                .build();
    }

    private static SslContext client(X509Bundle own) throws IOException {
        SslContextBuilder builder =
                SslContextBuilder.forClient().sslProvider(SslProvider.JDK).trustManager(authority.getCertificate());
        if (own != null) {
            builder.keyManager(own.getKeyPair().getPrivate(), own.getCertificatePathWithRoot());
        }
        return builder.build();
    }

    private PrefaceListener listen(PrefaceTls tls) throws IOException {
        PrefaceListener listener = PrefaceListener.listen(
                ANY_PORT, PrefaceOptions.DEFAULT.withTls(tls).withDecideWithin(Duration.ofSeconds(2)));
        opened.add(listener);
        return listener;
    }

    private DialListener dialling(PrefaceListener to, X509Bundle own, Announcement announcement) throws IOException {
        DialListener listener = DialListener.to(
                (InetSocketAddress) to.address(),
                DialOptions.DEFAULT.withTls(client(own)).withAnnouncement(announcement));
        opened.add(listener);
        return listener;
    }

    private SSLSocket tlsClient(PrefaceListener to, String serverName) throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry("authority", authority.getCertificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        InetSocketAddress address = (InetSocketAddress) to.address();
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(address.getAddress(), address.getPort());
        opened.add(socket);
        socket.setSoTimeout(10_000);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(serverName)));
        socket.setSSLParameters(parameters);
        return socket;
    }

    @Test
    void a_peer_is_dialled_by_the_identity_that_it_proved() throws Exception {
        PrefaceListener preface = listen(PrefaceTls.provingIdentities(server(ClientAuth.OPTIONAL)));
        DialListener edge6 = dialling(preface, issue("edge6"), Announcement.NONE);
        DialListener edge7 = dialling(preface, issue("edge7"), Announcement.of("metrics"));

        try (Socket far = preface.dial("edge7/metrics", SOON)) {
            say(far, PREFACE);
            try (Socket near = edge7.accept()) {
                assertThat(hear(near, 24)).isEqualTo(PREFACE);
                say(near, "answer");
                assertThat(hear(far, 6)).isEqualTo("answer");
            }
        }
        try (Socket far = preface.dial("edge6", SOON);
                Socket near = edge6.accept()) {
            say(near, "settings");
            assertThat(hear(far, 8)).isEqualTo("settings");
        }
    }

    @Test
    void a_name_does_not_stand_for_an_identity_and_without_a_certificate_there_is_none() throws Exception {
        PrefaceListener preface = listen(PrefaceTls.provingIdentities(server(ClientAuth.OPTIONAL)));
        dialling(preface, null, Announcement.of("edge7"));
        dialling(preface, issue("evil"), Announcement.of("edge7"));

        await().until(() -> preface.waiting().size() == 1);
        assertThat(preface.waiting()).extracting(Peer::identity).containsExactly("evil");
        assertThatThrownBy(() -> preface.dial("edge7", Duration.ofMillis(50)))
                .hasMessageContaining("no peer 'edge7' dialled in within 50 ms (waiting now: [evil/edge7 at ");
    }

    @Test
    void without_proofs_names_count_inside_tls_too() throws Exception {
        PrefaceListener preface = listen(PrefaceTls.of(server(ClientAuth.NONE)));
        dialling(preface, null, Announcement.bare("ELA"));
        preface.dial("ELA", SOON).close();
    }

    @Test
    void clients_are_split_by_the_host_that_they_ask_for() throws Exception {
        PrefaceListener preface = listen(PrefaceTls.of(server(ClientAuth.NONE)));
        Incoming metrics = preface.clients("metrics.example");
        Incoming rest = preface.clients();
        say(tlsClient(preface, "other.example"), PREFACE + "other");
        say(tlsClient(preface, "metrics.example"), PREFACE + "metrics");

        try (Socket first = metrics.accept(SOON);
                Socket second = rest.accept(SOON)) {
            assertThat(hear(first, 31)).endsWith("metrics");
            assertThat(hear(second, 29)).endsWith("other");
        }
    }

    @Test
    void clients_of_one_host_leave_room_for_those_of_another_however_it_is_written() throws Exception {
        PrefaceListener preface = PrefaceListener.listen(
                ANY_PORT,
                PrefaceOptions.DEFAULT
                        .withBacklog(2)
                        .withSilence(Duration.ofMillis(20))
                        .withTls(PrefaceTls.of(server(ClientAuth.NONE))));
        opened.add(preface);
        Incoming metrics = preface.clients("Metrics.Example");
        for (String host : List.of("other.example", "other.example", "metrics.example", "METRICS.example")) {
            SSLSocket client = tlsClient(preface, host);
            client.startHandshake();
            await().until(() -> preface.waiting().size() == 1);
            say(client, PREFACE);
            await().until(() -> preface.waiting().isEmpty()); // from here on it waits to be accepted
        }

        metrics.accept(SOON).close();
        metrics.accept(SOON).close();
        preface.clients().accept(SOON).close();
        preface.clients().accept(SOON).close();
    }

    @Test
    void clients_who_came_before_their_host_was_asked_for_are_split_off_too() throws Exception {
        PrefaceListener preface = PrefaceListener.listen(
                ANY_PORT,
                PrefaceOptions.DEFAULT
                        .withSilence(Duration.ofMillis(20))
                        .withTls(PrefaceTls.of(server(ClientAuth.NONE))));
        opened.add(preface);
        SSLSocket early = tlsClient(preface, "metrics.example");
        early.startHandshake();
        await().until(() -> preface.waiting().size() == 1);
        say(early, PREFACE);
        await().until(() -> preface.waiting().isEmpty()); // from here on it waits to be accepted

        preface.clients("metrics.example").accept(SOON).close();
    }

    @Test
    void a_handshake_that_does_not_go_on_is_cut_and_delays_nobody() throws Exception {
        PrefaceListener preface = listen(PrefaceTls.of(server(ClientAuth.NONE)));
        Socket stuck = Sockets.connect(preface.address());
        opened.add(stuck);
        say(stuck, "\026\003\001\002\000");
        say(tlsClient(preface, "cloud.example"), PREFACE);

        preface.clients().accept(SOON).close();
        assertThat(stuck.getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void a_dial_listener_that_does_not_trust_the_port_serves_nobody_and_tries_on() throws Exception {
        PrefaceListener preface = listen(PrefaceTls.of(server(ClientAuth.NONE)));
        SslContext distrusting =
                SslContextBuilder.forClient().sslProvider(SslProvider.JDK).build();
        DialListener dialling = DialListener.to(
                (InetSocketAddress) preface.address(),
                DialOptions.DEFAULT.withTls(distrusting).withRetries(Duration.ofMillis(10), Duration.ofMillis(50)));
        opened.add(dialling);

        assertThatThrownBy(() -> dialling.connections().accept(Duration.ofMillis(300)))
                .isInstanceOf(java.net.SocketTimeoutException.class);
        assertThat(preface.waiting()).isEmpty();
    }

    @Test
    void the_name_in_a_certificate_is_its_dns_name_or_its_common_name() throws Exception {
        X509Bundle plain = new CertificateBuilder()
                .algorithm(CertificateBuilder.Algorithm.ecp256)
                .subject("CN=edge9,O=Example")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        assertThat(PrefaceTls.nameIn(plain.getCertificate())).isEqualTo("edge9");
        assertThat(PrefaceTls.nameIn(cloud.getCertificate())).isEqualTo("cloud.example");
    }
}
