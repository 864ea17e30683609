package dev.culvert.policy;

/**
 * Who a session or caller was proved to be. <em>Immutable.</em>
 *
 * @param id {@code key:<base64url SHA-256 of the Ed25519 public key>}, {@code token:<name>}, {@code invite:<id>} for one who shows a join string with a request, {@code cert:<name>} for one who shows a certificate there, or {@code anonymous}
 */
public record Principal(String id) {
    public static final Principal ANONYMOUS = new Principal("anonymous");

    /** The principal that is a key; it holds the private half. */
    public static Principal ofKey(byte[] publicKey) {
        return new Principal("key:" + Digests.base64(Digests.sha256(publicKey)));
    }

    static Principal ofInvite(String id) {
        return new Principal("invite:" + id);
    }

    static Principal ofCertificate(String name) {
        return new Principal("cert:" + name);
    }

    static Principal ofToken(String name) {
        return new Principal("token:" + name);
    }
}
