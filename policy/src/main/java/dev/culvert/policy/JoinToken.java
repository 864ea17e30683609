package dev.culvert.policy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The credential part of a join string: what an issuer grants, with its signature. <em>Immutable.</em> As text it is a secret; it
 * prints itself by its id alone.
 *
 * @param id 16 hexadecimal digits, chosen by the issuer, not secret
 * @param issuerId which key signed it: the first 8 bytes of the SHA-256 of the public key, hexadecimal
 * @param grant what it grants
 * @param signed the bytes under the signature
 * @param signature Ed25519
 */
record JoinToken(String id, String issuerId, Grant grant, byte[] signed, byte[] signature) {
    static final int MAX_BYTES = 4096;
    private static final byte[] CONTEXT = "culvert join token 1\0".getBytes(StandardCharsets.US_ASCII);
    private static final int ID_BYTES = 8;

    static JoinToken issue(IdentityKey issuer, byte[] id, Grant grant) {
        ByteBuffer content = GrantCodec.write(id, issuerId(issuer.publicKey()), grant);
        byte[] signed = new byte[content.remaining()];
        content.get(signed);
        if (signed.length + Ed25519.SIGNATURE_BYTES > MAX_BYTES) {
            throw new IllegalArgumentException("the name patterns make a join string of more than " + MAX_BYTES
                    + " bytes (expected: fewer patterns)");
        }
        HexFormat hex = HexFormat.of();
        return new JoinToken(
                hex.formatHex(id),
                hex.formatHex(issuerId(issuer.publicKey())),
                grant,
                signed,
                issuer.sign(toSign(signed)));
    }

    /**
     * Reads a token, with or without the check that ends a join string: a node sends what it was given. [LINK-32]
     *
     * @throws IllegalArgumentException not a token; nothing is said about its signature
     */
    static JoinToken parse(String given) {
        int check = given.indexOf(JoinStringCodec.CHECK);
        String text = check < 0 ? given : given.substring(0, check);
        if (text.length() > MAX_BYTES * 2) {
            throw new IllegalArgumentException("too long");
        }
        byte[] bytes = Digests.fromBase64(text);
        if (bytes.length > MAX_BYTES || bytes.length <= Ed25519.SIGNATURE_BYTES) {
            throw new IllegalArgumentException("has " + bytes.length + " bytes");
        }
        int split = bytes.length - Ed25519.SIGNATURE_BYTES;
        byte[] signed = Arrays.copyOf(bytes, split);
        return GrantCodec.read(signed, Arrays.copyOfRange(bytes, split, bytes.length));
    }

    /** How an issuer is named in tokens. */
    static byte[] issuerId(byte[] issuerPublicKey) {
        return Arrays.copyOf(Digests.sha256(issuerPublicKey), ID_BYTES);
    }

    static int idBytes() {
        return ID_BYTES;
    }

    boolean isSignedBy(byte @Nullable [] issuerPublicKey) {
        return issuerPublicKey != null && Ed25519.verify(issuerPublicKey, toSign(signed), signature);
    }

    /** The secret. */
    String text() {
        byte[] all = Arrays.copyOf(signed, signed.length + signature.length);
        System.arraycopy(signature, 0, all, signed.length, signature.length);
        return Digests.base64(all);
    }

    /** What is kept of the secret. */
    byte[] hash() {
        return Digests.sha256(text().getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public String toString() {
        return "JoinToken[" + id + "]";
    }

    private static byte[] toSign(byte[] signed) {
        byte[] all = Arrays.copyOf(CONTEXT, CONTEXT.length + signed.length);
        System.arraycopy(signed, 0, all, CONTEXT.length, signed.length);
        return all;
    }
}
