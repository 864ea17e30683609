package dev.culvert.policy;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.jspecify.annotations.Nullable;

/**
 * Ed25519 (RFC 8032) on raw keys. <em>Stateless.</em> BouncyCastle does the arithmetic: it is several times faster here than the JDK, and
 * a relay whose ten thousand agents come back signs and verifies once for each. JDK keys are for certificates only.
 */
final class Ed25519 {
    static final int SEED_BYTES = 32;
    static final int PUBLIC_BYTES = 32;
    static final int SIGNATURE_BYTES = 64;

    /** Everything in front of the 32 bytes in the two DER forms (RFC 8410). */
    private static final byte[] PKCS8_PREFIX = HexFormat.of().parseHex("302e020100300506032b657004220420");

    private static final byte[] SPKI_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private Ed25519() {}

    static byte[] publicKey(byte[] seed) {
        return new Ed25519PrivateKeyParameters(seed).generatePublicKey().getEncoded();
    }

    static byte[] pkcs8(byte[] seed) {
        return concat(PKCS8_PREFIX, seed);
    }

    /** @throws IllegalArgumentException not an Ed25519 private key */
    static byte[] seed(byte[] pkcs8) {
        int end = PKCS8_PREFIX.length + SEED_BYTES;
        if (pkcs8.length != end || !Arrays.equals(PKCS8_PREFIX, Arrays.copyOf(pkcs8, PKCS8_PREFIX.length))) {
            throw new IllegalArgumentException("the PRIVATE KEY block is not an Ed25519 key");
        }
        return Arrays.copyOfRange(pkcs8, PKCS8_PREFIX.length, end);
    }

    /** The 32 bytes inside a JDK key; null if it is another kind of key. */
    static byte @Nullable [] raw(PublicKey key) {
        byte[] encoded = key.getEncoded();
        int end = SPKI_PREFIX.length + PUBLIC_BYTES;
        if (encoded == null
                || encoded.length != end
                || !Arrays.equals(SPKI_PREFIX, Arrays.copyOf(encoded, SPKI_PREFIX.length))) {
            return null;
        }
        return Arrays.copyOfRange(encoded, SPKI_PREFIX.length, end);
    }

    static PrivateKey privateKey(byte[] seed) {
        try {
            return KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(pkcs8(seed)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK since 15 has Ed25519", e);
        }
    }

    static PublicKey publicKeyOf(byte[] raw) throws GeneralSecurityException {
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(concat(SPKI_PREFIX, raw)));
    }

    static byte[] sign(byte[] seed, byte[] publicKey, byte[] message) {
        byte[] signature = new byte[SIGNATURE_BYTES];
        org.bouncycastle.math.ec.rfc8032.Ed25519.sign(seed, 0, publicKey, 0, message, 0, message.length, signature, 0);
        return signature;
    }

    static boolean verify(byte[] publicKey, byte[] message, byte[] signature) {
        return signature.length == SIGNATURE_BYTES
                && isSound(publicKey)
                && org.bouncycastle.math.ec.rfc8032.Ed25519.verify(
                        signature, 0, publicKey, 0, message, 0, message.length);
    }

    /** Whether the key is a point of the prime-order group: with a point of small order, signatures prove nothing. */
    static boolean isSound(byte[] publicKey) {
        return publicKey.length == PUBLIC_BYTES
                && org.bouncycastle.math.ec.rfc8032.Ed25519.validatePublicKeyFull(publicKey, 0);
    }

    private static byte[] concat(byte[] head, byte[] tail) {
        byte[] all = Arrays.copyOf(head, head.length + tail.length);
        System.arraycopy(tail, 0, all, head.length, tail.length);
        return all;
    }
}
