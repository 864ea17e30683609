package dev.culvert.node;

import dev.culvert.api.LinkTls;
import dev.culvert.link.transport.LinkPortOptions;
import dev.culvert.link.transport.Trust;
import dev.culvert.policy.CertificateFolder;
import dev.culvert.policy.RelayCertificate;
import dev.culvert.policy.TlsCertificates;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** What an embedder has said of the TLS of links, ready for use. <em>Immutable.</em> */
final class OwnTls {
    private final LinkTls said;
    private final @Nullable CertificateFolder folder;

    private OwnTls(LinkTls said, @Nullable CertificateFolder folder) {
        this.said = said;
        this.folder = folder;
    }

    /**
     * Reads the folder, if there is one.
     *
     * @throws IOException one line with the file that cannot be used
     */
    static OwnTls of(LinkTls said) throws IOException {
        return said.folder() == null
                ? new OwnTls(said, null)
                : new OwnTls(
                        said,
                        CertificateFolder.open(said.folder(), said.name(), InstantSource.system(), OwnTls::beside));
    }

    private static void beside(Runnable task) {
        Thread thread = new Thread(task, "culvert-certificates");
        thread.setDaemon(true);
        thread.start();
    }

    /** Whom it trusts where it joins. */
    Trust trust() {
        SSLContext context = said.context();
        if (context != null) {
            return new Trust.Context(context);
        }
        return folder == null ? Trust.SYSTEM : new Trust.Own(folder, null);
    }

    /**
     * What it shows and demands where it listens.
     *
     * @param selfIssued where nothing is said
     */
    LinkPortOptions listening(LinkPortOptions port, Supplier<RelayCertificate> selfIssued) throws IOException {
        SSLContext context = said.context();
        if (context != null) {
            LinkPortOptions own = port.withContext(context);
            return said.clientCertificates() ? own.withClientAuthorities(List::of) : own;
        }
        CertificateFolder certificates = folder;
        if (certificates != null) {
            certificate(certificates.get());
            LinkPortOptions own = port.withCertificate(() -> certificate(certificates.get()));
            return said.clientCertificates() ? own.withClientAuthorities(clients(certificates)) : own;
        }
        if (said.clientCertificates()) {
            throw new IllegalArgumentException(
                    "client certificates without authorities (expected: LinkTls.folder with a ca.pem)");
        }
        return port.withCertificate(selfIssued);
    }

    private static RelayCertificate certificate(TlsCertificates certificates) {
        RelayCertificate own = certificates.own();
        if (own == null) {
            throw new IllegalArgumentException(
                    "a node that listens with authorities only (expected: LinkTls.folder(folder, name), with name.pem)");
        }
        return own;
    }

    private Supplier<List<X509Certificate>> clients(CertificateFolder certificates) throws IOException {
        if (certificates.get().authorities().isEmpty()) {
            throw new IOException(
                    said.folder() + "/ca.pem: there is no such file (expected: the authorities of those who link)");
        }
        return () -> certificates.get().authorities();
    }
}
