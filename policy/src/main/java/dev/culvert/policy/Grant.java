package dev.culvert.policy;

/**
 * What a join string grants, and its bounds. <em>Immutable.</em>
 *
 * @param scope what an enrolled key may do
 * @param joinByMillis since the epoch: no key is enrolled after this
 * @param accessEndsMillis since the epoch: enrolled keys end then; {@link Long#MAX_VALUE}: they stay until revoked
 * @param maxUses distinct keys; at least 1
 */
public record Grant(Scope scope, long joinByMillis, long accessEndsMillis, int maxUses) {
    public static final int UNLIMITED_USES = Integer.MAX_VALUE;

    public Grant {
        require("joinByMillis", joinByMillis);
        require("accessEndsMillis", accessEndsMillis);
        require("maxUses", maxUses);
    }

    private static void require(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: >= 1)");
        }
    }
}
