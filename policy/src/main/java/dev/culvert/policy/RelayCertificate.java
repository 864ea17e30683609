package dev.culvert.policy;

import java.io.IOException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * The TLS certificate of a relay: issued by itself from its identity key, an ECDSA P-256 leaf signed by a self-signed Ed25519 certificate
 * of the identity key; or an operator's. <em>Immutable.</em> Prints itself without the key.
 *
 * @param key of the leaf
 * @param chain leaf first
 */
public record RelayCertificate(PrivateKey key, List<X509Certificate> chain) {
    public RelayCertificate {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("a certificate chain of 0 (expected: at least the leaf)");
        }
        if (!CertificateFile.belongTogether(key, chain.get(0).getPublicKey())) {
            throw new IllegalArgumentException("a key that is not the leaf's (expected: the leaf's private key)");
        }
    }

    /** Issues one that is good from now on for some months, whatever the dialler's clock says about its beginning. */
    public static RelayCertificate issue(IdentityKey identity, List<String> hostNames, InstantSource clock) {
        return CertificateIssuer.issue(identity, hostNames, clock.instant());
    }

    /** As {@link #issue(IdentityKey, List, InstantSource)}, by the system's clock. */
    public static RelayCertificate issue(IdentityKey identity, List<String> hostNames) {
        return issue(identity, hostNames, InstantSource.system());
    }

    /**
     * Reads what an operator supplies: a chain in PEM, leaf first, and its private key in PEM (PKCS#8, PKCS#1 or SEC1, not encrypted).
     *
     * @throws IOException one line that names the file, what is wrong and what is expected: also if the key does not belong to the leaf or
     *     the leaf is not valid now
     */
    public static RelayCertificate read(Path certificates, Path key, InstantSource clock) throws IOException {
        RelayCertificate read = CertificateFile.read(certificates, key);
        CertificateFile.requireValid(read, certificates, clock.instant());
        return read;
    }

    /** Trusts a chain that ends in {@code identityKey} (32 bytes), whatever names it has, and nothing else. [LINK-3] */
    public static X509TrustManager trusting(byte[] identityKey, InstantSource clock) {
        return new PinningTrustManager(identityKey, null, clock);
    }

    /** As {@link #trusting(byte[], InstantSource)}; any other chain is for {@code others}, asked for only then, to
     * judge, host name included. [LINK-3] */
    public static X509TrustManager trusting(
            byte[] identityKey, Supplier<X509ExtendedTrustManager> others, InstantSource clock) {
        return new PinningTrustManager(identityKey, others, clock);
    }

    /** As {@link #trusting(byte[], InstantSource)}, by the system's clock. */
    public static X509TrustManager trusting(byte[] identityKey) {
        return trusting(identityKey, InstantSource.system());
    }

    /** Whether the chain ends in the identity key; nothing is checked. */
    public static boolean endsIn(List<? extends Certificate> chain, byte[] identityKey) {
        byte[] issuer =
                chain.isEmpty() ? null : Ed25519.raw(chain.get(chain.size() - 1).getPublicKey());
        return issuer != null && Digests.same(issuer, identityKey);
    }

    public X509Certificate leaf() {
        return chain.get(0);
    }

    @Override
    public String toString() {
        return "RelayCertificate[" + leaf().getSubjectX500Principal() + ", until "
                + leaf().getNotAfter().toInstant() + "]";
    }
}
