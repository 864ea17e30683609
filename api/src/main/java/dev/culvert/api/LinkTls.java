package dev.culvert.api;

import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Whose certificates the TLS of links uses, where this node listens and where it joins. <em>Immutable.</em> Whatever they say, who a node is
 * remains its key, which each end proves inside: a principal is never a certificate's name.
 *
 * @param folder of certificates; null: none
 * @param name of the files in it; empty: authorities only
 * @param context an SSLContext instead of a folder; null: none
 * @param clientCertificates where this node listens, only those may link who show a certificate that an authority has signed
 */
public record LinkTls(
        @Nullable Path folder, String name, @Nullable SSLContext context, boolean clientCertificates) {
    /** A certificate that a relay issues itself from its key, which join strings pin. */
    public static final LinkTls SELF_ISSUED = new LinkTls(null, "", null, false);

    /**
     * {@code name.pem}, a chain in PEM, leaf first; {@code name.key}, its private key in PEM, not encrypted, which only its owner may read; and
     * {@code ca.pem}, the authorities that are trusted, if there is one: else those of the JDK. Read at the start, where a fault is an {@link
     * java.io.IOException} with the file's name, and again within 10 s of a change: a fault is logged then, and the old ones serve on. A relay
     * that joins pin by its key is trusted with a certificate of its own, too. The certificate must name the host.
     */
    public static LinkTls folder(Path folder, String name) {
        if (name.isEmpty() || name.contains("/") || name.contains("\\")) {
            throw new IllegalArgumentException("name '" + name + "' (expected: of files without their ending)");
        }
        return new LinkTls(folder, name, null, false);
    }

    /** Trusts the authorities in {@code ca.pem} there; for a node that joins and shows no certificate. */
    public static LinkTls authorities(Path folder) {
        return new LinkTls(folder, "", null, false);
    }

    /** Everything from an SSLContext, at the JDK's speed. Where it joins, its trust decides alone, and the certificate must name the host. */
    public static LinkTls context(SSLContext context) {
        return new LinkTls(null, "", context, false);
    }

    /** Where this node listens, demands certificates: of the authorities in {@code ca.pem}, or as the SSLContext trusts. Mutual TLS. */
    public LinkTls withClientCertificates() {
        return new LinkTls(folder, name, context, true);
    }
}
