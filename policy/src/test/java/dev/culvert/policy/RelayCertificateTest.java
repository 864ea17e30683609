package dev.culvert.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RelayCertificateTest {
    private static final Executor AT_ONCE = Runnable::run;

    @TempDir
    Path directory;

    private final MutableClock clock = new MutableClock();
    private final IdentityKey relay = IdentityKey.generate();
    private final X509TrustManager trust = RelayCertificate.trusting(relay.publicKey(), clock);

    @Test
    void is_trusted_by_the_key_that_issued_it_and_by_no_other() throws Exception {
        X509Certificate[] chain = chain(issue(relay));
        trust.checkServerTrusted(chain, "ECDHE_ECDSA");
        X509TrustManager other =
                RelayCertificate.trusting(IdentityKey.generate().publicKey(), clock);
        assertThatThrownBy(() -> other.checkServerTrusted(chain, "ECDHE_ECDSA"))
                .isInstanceOfSatisfying(
                        UntrustedRelay.class, e -> assertThat(e.retryHelps()).isFalse())
                .hasMessageContaining(Digests.base64(relay.publicKey()).substring(0, 12))
                .hasMessageContaining("expected: key")
                .hasMessageContaining("culvert invite");
    }

    @Test
    void the_issuers_certificate_alone_beside_a_foreign_leaf_proves_nothing() {
        X509Certificate stolen = issue(relay).chain().get(1);
        X509Certificate foreign = issue(IdentityKey.generate()).leaf();
        assertThatThrownBy(() -> trust.checkServerTrusted(new X509Certificate[] {foreign, stolen}, "ECDHE_ECDSA"))
                .hasMessageContaining("not signed by the expected key");
        assertThatThrownBy(() -> trust.checkServerTrusted(new X509Certificate[] {stolen}, "ECDHE_ECDSA"))
                .isInstanceOf(UntrustedRelay.class);
        assertThatThrownBy(() -> trust.checkServerTrusted(new X509Certificate[] {stolen, stolen}, "ECDHE_ECDSA"))
                .hasMessageContaining("one that issues others");
        assertThatThrownBy(() -> trust.checkServerTrusted(new X509Certificate[0], "ECDHE_ECDSA"))
                .isInstanceOf(UntrustedRelay.class);
        assertThatThrownBy(() -> trust.checkClientTrusted(chain(issue(relay)), "ECDHE_ECDSA"))
                .hasMessageContaining("no client certificate");
    }

    @Test
    void is_good_for_a_device_that_boots_in_1970_and_ends_some_day() throws Exception {
        X509Certificate[] chain = chain(issue(relay));
        RelayCertificate.trusting(relay.publicKey(), () -> Instant.ofEpochSecond(60))
                .checkServerTrusted(chain, "ECDHE_ECDSA");
        clock.advance(Duration.ofDays(91));
        assertThatThrownBy(() -> trust.checkServerTrusted(chain, "ECDHE_ECDSA"))
                .isInstanceOfSatisfying(
                        UntrustedRelay.class, e -> assertThat(e.retryHelps()).isTrue())
                .hasMessageContaining("here it is 2027-02-20")
                .hasMessageContaining("clock");
    }

    @Test
    void names_the_hosts_that_it_is_for() throws Exception {
        X509Certificate leaf = RelayCertificate.issue(
                        relay, List.of("relay.example.com", "10.0.0.1", "2001:db8::1"), clock)
                .leaf();
        assertThat(leaf.getSubjectAlternativeNames().stream()
                        .map(name -> name.get(1).toString()))
                .containsExactly("relay.example.com", "10.0.0.1", "2001:db8:0:0:0:0:0:1");
        leaf.verify(issue(relay).chain().get(1).getPublicKey());
    }

    @Test
    void is_kept_and_read_again() throws IOException {
        Path file = directory.resolve("relay.pem");
        RelayCertificate first = open(file, relay).get();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        RelayCertificate second = open(file, relay).get();
        assertThat(second.chain()).isEqualTo(first.chain());
        assertThat(second.key()).isEqualTo(first.key());
    }

    @Test
    void is_renewed_while_the_relay_runs_a_month_before_it_ends() throws Exception {
        List<Runnable> tasks = new ArrayList<>();
        RelayCertificates certificates =
                RelayCertificates.open(directory.resolve("relay.pem"), relay, List.of(), clock, tasks::add);
        RelayCertificate first = certificates.get();
        clock.advance(Duration.ofDays(59));
        assertThat(certificates.get()).isSameAs(first);
        clock.advance(Duration.ofDays(2));
        assertThat(certificates.get()).as("the old one serves meanwhile").isSameAs(first);
        assertThat(certificates.get()).isSameAs(first);
        assertThat(tasks).as("one renewal at a time").hasSize(1);
        tasks.get(0).run();
        RelayCertificate second = certificates.get();
        assertThat(second).isNotEqualTo(first);
        trust.checkServerTrusted(chain(second), "ECDHE_ECDSA");
        assertThat(open(directory.resolve("relay.pem"), relay).get().chain()).isEqualTo(second.chain());
    }

    @Test
    void is_issued_anew_for_another_identity() throws Exception {
        Path file = directory.resolve("relay.pem");
        open(file, IdentityKey.generate());
        trust.checkServerTrusted(chain(open(file, relay).get()), "ECDHE_ECDSA");
    }

    @Test
    void a_damaged_file_stops_the_start() throws IOException {
        Path file = directory.resolve("relay.pem");
        open(file, relay);
        SecretFile.write(file, "rubbish".getBytes(StandardCharsets.US_ASCII));
        assertThatThrownBy(() -> open(file, relay))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("relay.pem")
                .hasMessageContaining("remove");
    }

    @Test
    void an_operators_files_are_taken_only_if_they_can_be_used() throws IOException {
        Path chain = directory.resolve("chain.pem");
        Path key = directory.resolve("key.pem");
        Path otherKey = directory.resolve("other.pem");
        RelayCertificate mine = issue(relay);
        Files.writeString(chain, "Subject: somebody\n" + CertificateFile.print(mine));
        Files.writeString(key, CertificateFile.print(mine));
        Files.writeString(otherKey, CertificateFile.print(issue(relay)));
        assertThat(RelayCertificate.read(chain, key, clock).chain()).isEqualTo(mine.chain());
        assertThatThrownBy(() -> RelayCertificate.read(chain, otherKey, clock)).hasMessageContaining("not the key of");
        assertThatThrownBy(() -> RelayCertificate.read(directory.resolve("none.pem"), key, clock))
                .hasMessageContaining("none.pem: there is no such file");
        Files.writeString(
                otherKey, "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n");
        assertThatThrownBy(() -> RelayCertificate.read(chain, otherKey, clock)).hasMessageContaining("not encrypted");
        Files.writeString(otherKey, "");
        assertThatThrownBy(() -> RelayCertificate.read(chain, otherKey, clock)).hasMessageContaining("no private key");
        assertThatThrownBy(() -> RelayCertificate.read(otherKey, key, clock)).hasMessageContaining("no certificate");
        clock.advance(Duration.ofDays(91));
        assertThatThrownBy(() -> RelayCertificate.read(chain, key, clock))
                .hasMessageContaining("renew the certificate");
    }

    @Test
    void a_key_that_is_not_the_leafs_is_refused() {
        RelayCertificate one = issue(relay);
        RelayCertificate other = issue(relay);
        assertThatThrownBy(() -> new RelayCertificate(other.key(), one.chain())).hasMessageContaining("not the leaf's");
        assertThatThrownBy(() -> new RelayCertificate(other.key(), List.of())).hasMessageContaining("chain of 0");
    }

    @Test
    void prints_itself_without_the_key() {
        assertThat(issue(relay).toString()).isEqualTo("RelayCertificate[CN=Culvert relay, until 2027-02-19T12:00:00Z]");
    }

    private RelayCertificate issue(IdentityKey identity) {
        return RelayCertificate.issue(identity, List.of("localhost"), clock);
    }

    private RelayCertificates open(Path file, IdentityKey identity) throws IOException {
        return RelayCertificates.open(file, identity, List.of("localhost"), clock, AT_ONCE);
    }

    private static X509Certificate[] chain(RelayCertificate certificate) {
        return certificate.chain().toArray(X509Certificate[]::new);
    }
}
