package dev.culvert.policy;

/**
 * Who a session or caller was proved to be. <em>Immutable.</em>
 *
 * @param id {@code key:<base64url SHA-256 of the Ed25519 public key>}, {@code token:<name>} or {@code anonymous}
 */
public record Principal(String id) {
    public static final Principal ANONYMOUS = new Principal("anonymous");
}
