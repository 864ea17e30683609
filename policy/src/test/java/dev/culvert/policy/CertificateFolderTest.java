package dev.culvert.policy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator puts into a folder, what is wrong with it, and what happens when he changes it. */
final class CertificateFolderTest {
    @TempDir
    private Path folder;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    private final InstantSource clock = now::get;

    private RelayCertificate write(String name) throws IOException {
        RelayCertificate certificate =
                RelayCertificate.issue(IdentityKey.generate(), List.of("relay.example.com"), clock);
        write(certificate, name);
        return certificate;
    }

    private void write(RelayCertificate certificate, String name) throws IOException {
        Files.write(
                folder.resolve(name + ".pem"),
                CertificateFile.print(certificate).getBytes(US_ASCII));
        SecretFile.write(
                folder.resolve(name + ".key"),
                CertificateFile.print(certificate).getBytes(US_ASCII));
    }

    private CertificateFolder open(String name) throws IOException {
        return CertificateFolder.open(folder, name, clock, Runnable::run);
    }

    private static RelayCertificate own(CertificateFolder certificates) {
        return Objects.requireNonNull(certificates.get().own());
    }

    @Test
    void a_chain_its_key_and_the_authorities_are_read() throws IOException {
        RelayCertificate server = write("server");
        assertThat(own(open("server")).leaf()).isEqualTo(server.leaf());
        assertThat(open("server").get().authorities()).isEmpty();
        Files.copy(folder.resolve("server.pem"), folder.resolve("ca.pem"));
        assertThat(open("server").get().authorities()).isEqualTo(server.chain());
        assertThat(open("").get().own()).isNull();
    }

    @Test
    void what_is_missing_or_does_not_fit_is_named_with_its_file() throws IOException {
        assertThatThrownBy(() -> open("server"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("server.key: there is no such file");
        assertThatThrownBy(() -> open(""))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ca.pem: there is no such file");
        write("server");
        write("other");
        Files.delete(folder.resolve("server.pem"));
        assertThatThrownBy(() -> open("server")).hasMessageContaining("server.pem: there is no such file");
        Files.copy(folder.resolve("other.pem"), folder.resolve("server.pem"));
        assertThatThrownBy(() -> open("server"))
                .hasMessageContaining("server.key: not the key of the first certificate");
        Files.writeString(folder.resolve("ca.pem"), "nothing");
        assertThatThrownBy(() -> open("other")).hasMessageContaining("ca.pem: no certificate");
        now.set(now.get().plus(Duration.ofDays(4000)));
        assertThatThrownBy(() -> open("other")).hasMessageContaining("renew the certificate");
    }

    @Test
    void a_key_that_others_may_read_is_refused() throws IOException {
        write("server");
        Files.setPosixFilePermissions(folder.resolve("server.key"), PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> open("server")).isInstanceOf(IOException.class).hasMessageContaining("server.key");
    }

    @Test
    void a_change_is_seen_a_while_later_and_one_that_cannot_be_used_is_not_taken() throws IOException {
        RelayCertificate first = write("server");
        CertificateFolder certificates = open("server");
        RelayCertificate second = write("server");
        Files.setLastModifiedTime(
                folder.resolve("server.pem"), FileTime.from(now.get().plusSeconds(60)));
        assertThat(own(certificates).leaf()).isEqualTo(first.leaf());
        now.set(now.get().plusSeconds(11));
        certificates.get();
        assertThat(own(certificates).leaf()).isEqualTo(second.leaf());

        Files.delete(folder.resolve("server.pem"));
        now.set(now.get().plusSeconds(11));
        certificates.get();
        assertThat(own(certificates).leaf()).isEqualTo(second.leaf());
        write(first, "server");
        now.set(now.get().plusSeconds(11));
        certificates.get();
        assertThat(own(certificates).leaf()).isEqualTo(first.leaf());
    }

    @Test
    void authorities_that_vanish_are_trusted_on_and_no_others() throws IOException {
        RelayCertificate server = write("server");
        Files.copy(folder.resolve("server.pem"), folder.resolve("ca.pem"));
        CertificateFolder certificates = open("server");
        Files.delete(folder.resolve("ca.pem"));
        now.set(now.get().plusSeconds(11));
        certificates.get();
        assertThat(certificates.get().authorities()).isEqualTo(server.chain());
    }
}
