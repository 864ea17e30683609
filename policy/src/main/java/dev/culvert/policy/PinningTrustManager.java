package dev.culvert.policy;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Trusts a leaf that is valid now and signed by one identity key. Names and authorities do not matter for it: the key came with the join
 * string. Any other chain goes to another trust manager, if there is one. <em>Immutable.</em> Extended, so that the JDK adds no checks of its
 * own.
 */
final class PinningTrustManager extends X509ExtendedTrustManager {
    private static final String NEXT =
            "; this is another relay, or something in between: ask for a new join string, made there by 'culvert invite'";
    private static final int SHOWN = 12;

    private final byte[] identityKey;
    private final @Nullable Supplier<X509ExtendedTrustManager> others;
    private final InstantSource clock;

    PinningTrustManager(byte[] identityKey, @Nullable Supplier<X509ExtendedTrustManager> others, InstantSource clock) {
        if (!Ed25519.isSound(identityKey)) {
            throw new IllegalArgumentException("identity key of " + identityKey.length
                    + " bytes (expected: 32, a point of the Ed25519 group); check the join string");
        }
        this.identityKey = identityKey.clone();
        this.others = others;
        this.clock = clock;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        if (isOurs(chain)) {
            requireSignature(chain[0]);
            requireLeaf(chain[0]);
        } else if (others != null) {
            others.get().checkServerTrusted(chain, authType);
        } else {
            throw unknown(chain, null);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        if (others == null || isOurs(chain)) {
            checkServerTrusted(chain, authType);
            return;
        }
        try {
            others.get().checkServerTrusted(chain, authType, socket);
        } catch (CertificateException e) {
            throw unknown(chain, e);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        if (others == null || isOurs(chain)) {
            checkServerTrusted(chain, authType);
            return;
        }
        try {
            others.get().checkServerTrusted(chain, authType, engine);
        } catch (CertificateException e) {
            throw unknown(chain, e);
        }
    }

    private boolean isOurs(X509Certificate[] chain) {
        return chain.length > 1 && RelayCertificate.endsIn(List.of(chain), identityKey);
    }

    private UntrustedRelay unknown(X509Certificate[] chain, @Nullable CertificateException judged) {
        byte[] issuer = chain.length == 0 ? null : Ed25519.raw(chain[chain.length - 1].getPublicKey());
        String shown = issuer != null ? "key " + shown(issuer) : "a certificate of another kind of key";
        return new UntrustedRelay(
                false,
                "relay's key: " + shown + " (expected: key " + shown(identityKey)
                        + (judged == null ? ")" : ", or a public certificate for this host)") + NEXT,
                judged);
    }

    /** With the key that we hold, not with the certificate around it: that one the peer could have made up. */
    private void requireSignature(X509Certificate leaf) throws CertificateException {
        try {
            leaf.verify(Ed25519.publicKeyOf(identityKey));
        } catch (GeneralSecurityException e) {
            throw new UntrustedRelay(false, "relay's key: the certificate is not signed by the expected key" + NEXT, e);
        }
    }

    private void requireLeaf(X509Certificate leaf) throws CertificateException {
        Instant now = clock.instant();
        Instant from = leaf.getNotBefore().toInstant();
        Instant until = leaf.getNotAfter().toInstant();
        if (now.isBefore(from) || now.isAfter(until)) {
            throw new UntrustedRelay(
                    true,
                    "relay's certificate: valid from " + from + " to " + until
                            + ", and here it is " + now
                            + " (expected: within); set this machine's clock, or restart the relay, which renews it",
                    null);
        }
        if (leaf.getBasicConstraints() >= 0) {
            throw new UntrustedRelay(
                    false, "relay's certificate: one that issues others (expected: a leaf)" + NEXT, null);
        }
    }

    private static String shown(byte[] key) {
        return Digests.base64(key).substring(0, SHOWN) + "...";
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("a pin is for relays (expected: no client certificate)");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
