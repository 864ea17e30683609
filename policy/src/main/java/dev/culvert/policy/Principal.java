package dev.culvert.policy;

/**
 * Who a session or caller was proved to be. <em>Immutable.</em>
 *
 * @param id {@code key:<base64url SHA-256 of the Ed25519 public key>}, {@code token:<name>} or {@code anonymous}
 */
public record Principal(String id) {
    public static final Principal ANONYMOUS = new Principal("anonymous");

    /** The principal that is a key; it holds the private half. */
    public static Principal ofKey(byte[] publicKey) {
        return new Principal("key:" + Digests.base64(Digests.sha256(publicKey)));
    }

    static Principal ofToken(String name) {
        return new Principal("token:" + name);
    }
}
