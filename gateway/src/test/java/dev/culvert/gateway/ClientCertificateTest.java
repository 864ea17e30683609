package dev.culvert.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.culvert.api.Address;
import dev.culvert.api.ErrorCode;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates of clients: who holds one that an authority has signed is known by its name, on each connection, resumed or not. */
final class ClientCertificateTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static X509Bundle authority;
    private static X509Bundle alice;

    @TempDir
    Path folder;

    private Site site;
    private int port;
    private BlockingQueue<String> seen;
    private final AtomicReference<Certificates> certificates = new AtomicReference<>();

    @BeforeAll
    static void make() throws Exception {
        authority = Issued.authority("authority");
        alice = Issued.by(authority, "Alice", "alice.example.com");
    }

    /** Alice may call web; "open" is for anyone. */
    private static final class Aliceland implements Access {
        @Override
        public Verdict judge(Address address, String credential) {
            return address.service().equals("open")
                    ? new Admitted(address, "")
                    : new Refused(ErrorCode.UNAUTHENTICATED, "not public", "");
        }

        @Override
        public Verdict judgeCertificate(Address address, List<String> names) {
            return names.contains("alice.example.com") && address.service().equals("web")
                    ? new Admitted(address, "cert:alice.example.com")
                    : new Refused(ErrorCode.DENIED, "not for " + names, "");
        }
    }

    @BeforeEach
    void start() throws Exception {
        site = new Site();
        seen = site.answer("web", OK);
        site.answer("open", OK);
        certificates.set(trusting(authority));
        Gateway gateway = site.newGateway(GatewayOptions.DEFAULT.withTellsCertificates(true), new Aliceland());
        port = site.enter(gateway.secure(certificates::get));
        Files.writeString(folder.resolve("ca.pem"), authority.getCertificatePEM());
    }

    private static Certificates trusting(X509Bundle clientAuthority) throws Exception {
        X509Bundle own = Issued.by(authority, "gateway", "web.localhost", "localhost");
        return Certificates.of(
                List.of(Issued.pem("own", own)),
                new Certificates.Pem(
                        "clients", clientAuthority.getCertificatePEM().getBytes(US_ASCII), new byte[0]));
    }

    @AfterEach
    void stop() {
        site.close();
    }

    private String curl(X509Bundle who, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                "--cacert",
                folder.resolve("ca.pem").toString(),
                "--resolve",
                "web.localhost:" + port + ":127.0.0.1",
                "-w",
                " %{http_code}\n"));
        if (who != null) {
            Path pem = Files.writeString(folder.resolve("client.pem"), who.getCertificatePathPEM());
            Path key = Files.writeString(folder.resolve("client.key"), who.getPrivateKeyPEM());
            arguments.addAll(List.of("--cert", pem.toString(), "--key", key.toString()));
        }
        arguments.addAll(List.of(more));
        arguments.add("https://web.localhost:" + port + "/");
        return Curl.run(arguments.toArray(String[]::new));
    }

    @Test
    void a_certificate_is_a_credential_and_the_service_may_learn_it_from_the_gateway_alone() throws Exception {
        for (String version : List.of("--http1.1", "--http2")) {
            assertThat(curl(alice, version, "-H", "Client-Cert: :bWFsbG9yeQ==:", "-H", "client_cert: x"))
                    .isEqualTo("ok 200\n");
            String der =
                    Base64.getEncoder().encodeToString(alice.getCertificate().getEncoded());
            assertThat(seen.take())
                    .containsIgnoringCase("\r\nclient-cert: :" + der + ":\r\n")
                    .doesNotContain("bWFsbG9yeQ", "client_cert");
            assertThat(site.log.take().caller()).isEqualTo("cert:alice.example.com");
        }
        assertThat(curl(null)).contains("not public").endsWith(" 401\n");
        assertThat(curl(null, "-H", "Client-Cert: :bWFsbG9yeQ==:")).endsWith(" 401\n");
        X509Bundle bob = Issued.by(authority, "Bob", "bob.example.com");
        assertThat(curl(bob)).contains("not for [bob.example.com]").endsWith(" 403\n");
        assertThat(curl(bob, "-H", "culvert-target: open")).as("for anyone").isEqualTo("ok 200\n");
        assertThat(curl(alice, "-H", "Culvert-Authorization: Bearer x"))
                .as("what is said counts more")
                .endsWith(" 401\n");
    }

    @Test
    void a_certificate_that_does_not_hold_ends_the_handshake() throws Exception {
        X509Bundle stranger = Issued.by(Issued.authority("other"), "Alice", "alice.example.com");
        assertThat(curl(stranger)).endsWith(" 000\n");
        X509Bundle old = Issued.to("Alice")
                .addSanDnsName("alice.example.com")
                .notBefore(Instant.parse("2020-01-01T00:00:00Z"))
                .notAfter(Instant.parse("2020-02-01T00:00:00Z"))
                .buildIssuedBy(authority);
        assertThat(curl(old)).endsWith(" 000\n");
        assertThat(seen).isEmpty();
    }

    @Test
    void a_resumed_session_is_the_same_client_and_none_outlives_its_authority() throws Exception {
        for (String version : List.of("-tls1_2", "-tls1_3")) {
            Path session = folder.resolve("session" + version);
            String first = openssl(version, "-sess_out", session.toString());
            assertThat(first).contains("New, ", "HTTP/1.1 200 OK");
            String again = openssl(version, "-sess_in", session.toString());
            assertThat(again).contains("Reused, ", "HTTP/1.1 200 OK");
            certificates.set(trusting(Issued.authority("other")));
            String late = openssl(version, "-sess_in", session.toString());
            assertThat(late).doesNotContain("HTTP/1.1 200");
            certificates.set(trusting(authority));
        }
        assertThat(seen).hasSize(4);
        assertThat(site.log)
                .filteredOn(record -> record.status() == 200)
                .hasSize(4)
                .allMatch(record -> record.caller().equals("cert:alice.example.com"));
    }

    /** One request in one connection of {@code openssl s_client}; what it says of the session, and the answer. */
    private String openssl(String... more) throws Exception {
        Path pem = Files.writeString(folder.resolve("client.pem"), alice.getCertificatePathPEM());
        Path key = Files.writeString(folder.resolve("client.key"), alice.getPrivateKeyPEM());
        List<String> command = new ArrayList<>(List.of("openssl", "s_client", "-connect", "127.0.0.1:" + port));
        command.addAll(List.of("-servername", "web.localhost", "-cert", pem.toString(), "-key", key.toString()));
        command.addAll(List.of("-ign_eof"));
        command.addAll(List.of(more));
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException absent) {
            assumeTrue(false, "openssl is not installed: " + absent.getMessage());
            throw absent;
        }
        try (var in = process.getOutputStream()) {
            in.write("GET / HTTP/1.1\r\nHost: web.localhost\r\nConnection: close\r\n\r\n".getBytes(US_ASCII));
            in.flush();
            return new String(process.getInputStream().readAllBytes(), US_ASCII);
        } finally {
            process.destroy();
        }
    }

    @Test
    void the_jdks_client_resumes_and_stays_who_it_is() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(alice.toKeyManagerFactory().getKeyManagers(), Issued.trusting(authority), null);
        for (int i = 0; i < 3; i++) {
            HttpClient client = HttpClient.newBuilder().sslContext(context).build();
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/"))
                            .header("culvert-target", "web")
                            .timeout(Site.PATIENCE)
                            .build(),
                    BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        }
    }

    @Test
    void names_are_the_alternative_ones_else_the_common_one() throws Exception {
        assertThat(ClientCertificate.of(alice.getCertificate()).names()).containsExactly("alice.example.com");
        X509Bundle plain = Issued.by(authority, "edge7, O=Example");
        assertThat(ClientCertificate.of(plain.getCertificate()).names()).containsExactly("edge7");
        X509Bundle spaced = Issued.by(authority, "Alice Smith");
        assertThat(ClientCertificate.of(spaced.getCertificate()).names()).isEmpty();
    }
}
