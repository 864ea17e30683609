package dev.culvert.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.gateway.Certificates;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CertificateFolderTest {
    @TempDir
    Path folder;

    private void put(String name, String host) throws Exception {
        X509Bundle bundle = new CertificateBuilder()
                .algorithm(CertificateBuilder.Algorithm.ecp256)
                .subject("CN=" + host)
                .addSanDnsName(host)
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        Files.writeString(folder.resolve(name + ".pem"), bundle.getCertificatePathPEM());
        Files.writeString(folder.resolve(name + ".key"), bundle.getPrivateKeyPEM());
    }

    @Test
    void certificates_that_change_are_read_again_when_they_have_stood_for_a_look() throws Exception {
        put("one", "one.example.com");
        try (CertificateFolder certificates = CertificateFolder.open(folder, null)) {
            assertThat(certificates.get().names()).containsExactly("one.example.com");
            put("two", "two.example.com");
            certificates.poll();
            certificates.poll();
            assertThat(certificates.get().names()).containsExactlyInAnyOrder("one.example.com", "two.example.com");
        }
    }

    @Test
    void what_cannot_be_used_later_leaves_the_old_ones_in_force() throws Exception {
        put("one", "one.example.com");
        try (CertificateFolder certificates = CertificateFolder.open(folder, null)) {
            Files.writeString(folder.resolve("one.pem"), "nonsense");
            certificates.poll();
            certificates.poll();
            assertThat(certificates.get().names()).containsExactly("one.example.com");
            Files.delete(folder.resolve("one.key"));
            certificates.poll();
            certificates.poll();
            assertThat(certificates.get().names()).containsExactly("one.example.com");
        }
    }

    @Test
    void authorities_of_clients_are_read_with_them_and_again_when_they_change() throws Exception {
        put("one", "one.example.com");
        put("other", "other.example.com");
        Path authorities = folder.resolve("clients.crt");
        Files.copy(folder.resolve("one.pem"), authorities);
        try (CertificateFolder certificates = CertificateFolder.open(folder, authorities)) {
            Certificates first = certificates.get();
            Files.writeString(authorities, "nonsense");
            certificates.poll();
            certificates.poll();
            assertThat(certificates.get()).isSameAs(first);
            Files.writeString(
                    authorities,
                    Files.readString(folder.resolve("one.pem")) + Files.readString(folder.resolve("other.pem")));
            certificates.poll();
            certificates.poll();
            assertThat(certificates.get()).isNotSameAs(first);
        }
        Files.writeString(authorities, "nonsense");
        assertThatThrownBy(() -> CertificateFolder.open(folder, authorities)).hasMessageContaining("clients.crt");
    }

    @Test
    void what_cannot_be_used_stops_the_start_and_is_named() throws Exception {
        assertThatThrownBy(() -> CertificateFolder.open(folder, null))
                .hasMessageContaining("expected: NAME.pem and NAME.key");
        put("one", "one.example.com");
        Files.delete(folder.resolve("one.key"));
        assertThatThrownBy(() -> CertificateFolder.open(folder, null)).hasMessageContaining("one.key");
        Files.writeString(folder.resolve("one.key"), "nonsense");
        assertThatThrownBy(() -> CertificateFolder.open(folder, null)).hasMessageContaining("one.pem cannot be used");
        assertThatThrownBy(() -> CertificateFolder.open(folder.resolve("absent"), null))
                .hasMessageContaining("absent cannot be read");
    }
}
