package dev.culvert.link;

import dev.culvert.policy.IdentityKey;
import org.jspecify.annotations.Nullable;

/**
 * What a dialler proves itself with. <em>Immutable.</em> Prints itself without secrets.
 *
 * @param key signs every Hello; with it the principal is the key, and the relay's own key must be known; null: none
 * @param join the token of a join string, which enrols the key; null: none
 * @param bearer a bearer token; null: none
 * @param ticket for a direct link; null: none
 * @param namespace that is asked for; empty: the one that the credential names
 */
public record Credentials(
        @Nullable IdentityKey key,
        @Nullable String join,
        @Nullable String bearer,
        byte @Nullable [] ticket,
        String namespace) {
    /** Without a ticket. */
    public Credentials(@Nullable IdentityKey key, @Nullable String join, @Nullable String bearer, String namespace) {
        this(key, join, bearer, null, namespace);
    }

    /** No proof at all, for relays that take anybody. */
    public static final Credentials NONE = new Credentials(null, null, null, null, "");

    public Credentials {
        if (join != null && bearer != null) {
            throw new IllegalArgumentException("both a join token and a bearer token (expected: one of them)");
        }
        ticket = ticket == null ? null : ticket.clone();
        if (join != null && key == null) {
            throw new IllegalArgumentException("a join token without a key (expected: the key that it enrols)");
        }
    }

    /** A join string's token and the key that it enrols. */
    public static Credentials join(IdentityKey key, String token) {
        return new Credentials(key, token, null, null, "");
    }

    /** A key that the relay knows already. */
    public static Credentials key(IdentityKey key) {
        return new Credentials(key, null, null, null, "");
    }

    /** What the node at the other end gave this key for a direct link. [DIRECT-3] */
    public static Credentials ticket(IdentityKey key, byte[] ticket, String namespace) {
        return new Credentials(key, null, null, ticket, namespace);
    }

    public static Credentials bearer(String token) {
        return new Credentials(null, null, token, null, "");
    }

    public Credentials withNamespace(String newNamespace) {
        return new Credentials(key, join, bearer, ticket, newNamespace);
    }

    @Override
    public byte @Nullable [] ticket() {
        return ticket == null ? null : ticket.clone();
    }

    @Override
    public String toString() {
        return "Credentials[" + (key == null ? "" : "key ") + (join == null ? "" : "join ")
                + (bearer == null ? "" : "bearer ") + (ticket == null ? "" : "ticket ") + "namespace='" + namespace
                + "']";
    }
}
