package dev.culvert.policy;

import java.util.List;

/**
 * An invite as an operator sees it; the secret is not in it. <em>Immutable.</em>
 *
 * @param id 16 hexadecimal digits
 * @param madeAtMillis since the epoch; where another issuer made it, when it was first seen here
 * @param keys the principals that it enrolled
 * @param revoked whether it was
 */
public record Invite(String id, long madeAtMillis, Grant grant, String note, List<Key> keys, boolean revoked) {
    public Invite {
        keys = List.copyOf(keys);
    }

    /** One enrolled key. */
    public record Key(String principal, String node, long enrolledAtMillis, boolean revoked) {}

    /** In one word: {@code open}, {@code used} (no use is left), {@code expired} (enrols no more) or {@code revoked}. */
    public String state(long nowMillis) {
        if (revoked) {
            return "revoked";
        }
        if (nowMillis > grant.joinByMillis()) {
            return "expired";
        }
        return keys.size() >= grant.maxUses() ? "used" : "open";
    }
}
