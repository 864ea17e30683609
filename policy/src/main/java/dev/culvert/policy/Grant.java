package dev.culvert.policy;

/**
 * What a join string grants, and its bounds. <em>Immutable.</em>
 *
 * @param scope what an enrolled key may do
 * @param joinByMillis since the epoch: no key is enrolled after this
 * @param accessEndsMillis since the epoch: enrolled keys end then; {@link Long#MAX_VALUE}: they stay until revoked
 * @param maxUses distinct keys; 1 to {@value #MOST_USES}
 */
public record Grant(Scope scope, long joinByMillis, long accessEndsMillis, int maxUses) {
    /** No join string is unbounded, since whoever holds it could enrol keys until the disk is full. */
    public static final int MOST_USES = 100_000;

    public Grant {
        require("joinByMillis", joinByMillis);
        require("accessEndsMillis", accessEndsMillis);
        if (maxUses < 1 || maxUses > MOST_USES) {
            throw new IllegalArgumentException("uses: " + maxUses + " (expected: 1 to " + MOST_USES + ")");
        }
    }

    private static void require(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: >= 1)");
        }
    }
}
