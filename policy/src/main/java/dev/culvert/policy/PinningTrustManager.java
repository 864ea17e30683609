package dev.culvert.policy;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Date;
import java.util.HexFormat;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts a leaf that is valid now and signed by the identity key with one pin. Names and authorities do not matter: the pin came with the
 * join string. <em>Immutable.</em> Extended, so that the JDK adds no checks of its own.
 */
final class PinningTrustManager extends X509ExtendedTrustManager {
    private static final String NEXT =
            "; this is another relay, or something in between: ask for a new join string, made there by 'culvert invite'";
    private final byte[] pin;
    private final Clock clock;

    PinningTrustManager(byte[] pin, Clock clock) {
        if (pin.length != JoinStringCodec.PIN_BYTES) {
            throw new IllegalArgumentException("a pin of " + pin.length + " bytes (expected: 32)");
        }
        this.pin = pin.clone();
        this.clock = clock;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        if (chain.length < 2) {
            throw new CertificateException("relay's key: a certificate that no identity key has signed (expected: pin "
                    + shown(pin) + ")" + NEXT);
        }
        X509Certificate leaf = chain[0];
        byte[] issuer = Ed25519.raw(chain[1].getPublicKey());
        if (issuer == null || !Digests.same(Digests.sha256(issuer), pin)) {
            throw new CertificateException("relay's key: pin "
                    + (issuer == null ? chain[1].getPublicKey().getAlgorithm() : shown(Digests.sha256(issuer)))
                    + " (expected: pin " + shown(pin) + ")" + NEXT);
        }
        requireSignature(leaf, issuer);
        requireLeaf(leaf);
    }

    /** With the pinned key itself, not with the certificate around it: that one the peer could have made up. */
    private static void requireSignature(X509Certificate leaf, byte[] issuer) throws CertificateException {
        try {
            if (!Ed25519.isSound(issuer)) {
                throw new CertificateException("relay's key: not a sound Ed25519 key" + NEXT);
            }
            leaf.verify(Ed25519.publicKeyOf(issuer));
        } catch (CertificateException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw new CertificateException("relay's key: the certificate is not signed by the pinned key" + NEXT, e);
        }
    }

    private void requireLeaf(X509Certificate leaf) throws CertificateException {
        Date now = Date.from(clock.instant());
        if (now.before(leaf.getNotBefore()) || now.after(leaf.getNotAfter())) {
            throw new CertificateException("relay's certificate: valid from " + leaf.getNotBefore().toInstant()
                    + " to " + leaf.getNotAfter().toInstant() + ", and here it is " + clock.instant()
                    + " (expected: within); set this machine's clock, or restart the relay, which renews it");
        }
        if (leaf.getBasicConstraints() >= 0) {
            throw new CertificateException("relay's certificate: one that issues others (expected: a leaf)" + NEXT);
        }
    }

    private static String shown(byte[] pin) {
        return HexFormat.of().formatHex(pin, 0, 8);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkServerTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkServerTrusted(chain, authType);
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
