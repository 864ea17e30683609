package dev.culvert.policy;

/** One event in the life of invites, as the journal keeps it. <em>Immutable.</em> */
sealed interface InviteRecord {
    long atMillis();

    /**
     * An invite exists: made here, or by another trusted issuer and first seen here.
     *
     * @param token without its signature, which is the secret
     * @param hash SHA-256 of the secret
     * @param note an operator's words
     */
    record Made(long atMillis, JoinToken token, String hash, String note) implements InviteRecord {
        String id() {
            return token.id();
        }

        Grant grant() {
            return token.grant();
        }
    }

    /** A key took one of the uses. */
    record Enrolled(long atMillis, String inviteId, String principal, String node) implements InviteRecord {}

    /** The invite and all keys that it enrolled are no longer good. */
    record InviteRevoked(long atMillis, String inviteId) implements InviteRecord {}

    /** A key is no longer good, whatever enrolled it. */
    record KeyRevoked(long atMillis, String principal) implements InviteRecord {}
}
