package dev.culvert.node;

/**
 * How long a node waits, all in milliseconds. <em>Immutable.</em>
 *
 * @param leaseMillis how long a name is kept for its owner after its link was lost
 * @param openMillis how long an accepted stream may take to say what it wants
 * @param connectMillis how long a local target may take to accept
 * @param closeMillis how long {@link CulvertNode#close()} waits for streams that are open; 0: not at all
 */
public record NodeTimes(long leaseMillis, long openMillis, long connectMillis, long closeMillis) {
    public static final NodeTimes DEFAULT = new NodeTimes(60_000, 10_000, 10_000, 0);

    public NodeTimes {
        NodeLimits.check("leaseMillis", leaseMillis);
        NodeLimits.check("openMillis", openMillis);
        NodeLimits.check("connectMillis", connectMillis);
        if (closeMillis < 0) {
            throw new IllegalArgumentException("closeMillis: " + closeMillis + " (expected: >= 0)");
        }
    }

    public NodeTimes withCloseMillis(long newCloseMillis) {
        return new NodeTimes(leaseMillis, openMillis, connectMillis, newCloseMillis);
    }
}
