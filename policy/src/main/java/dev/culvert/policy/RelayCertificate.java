package dev.culvert.policy;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.X509TrustManager;

/**
 * The TLS certificate that a relay issues itself from its identity key: an ECDSA P-256 leaf, signed by a self-signed Ed25519
 * certificate of the identity key. <em>Immutable.</em>
 */
public record RelayCertificate(PrivateKey key, List<X509Certificate> chain) {
    public static RelayCertificate issue(IdentityKey identity, List<String> hostNames) {
        throw new UnsupportedOperationException();
    }

    /** Trusts a chain whose issuer is {@code identityKey} (32 bytes), and nothing else. */
    public static X509TrustManager trusting(byte[] identityKey) {
        throw new UnsupportedOperationException();
    }
}
