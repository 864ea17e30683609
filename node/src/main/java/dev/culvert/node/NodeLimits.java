package dev.culvert.node;

/**
 * What a node bounds. <em>Immutable.</em>
 *
 * @param servicesPerSession registrations that one session may hold
 * @param services registrations in all
 * @param pendingOpens streams of one session that may wait for their answer
 * @param leaseMillis how long a name is kept for its owner after its link was lost
 * @param openMillis how long an accepted stream may take to say what it wants
 * @param connectMillis how long a local target may take to accept
 * @param memoryBytes what all peers together may make this process hold
 * @param sessions links that a relay takes
 * @param closeMillis how long {@link CulvertNode#close()} waits for streams that are open; 0: not at all
 */
public record NodeLimits(
        int servicesPerSession,
        int services,
        int pendingOpens,
        long leaseMillis,
        long openMillis,
        long connectMillis,
        long memoryBytes,
        int sessions,
        long closeMillis) {
    private static final int PRINCIPAL_PART = 4;
    private static final long MOST_MEMORY_BYTES = 512L << 20;

    public static final NodeLimits DEFAULT = new NodeLimits(
            1_000,
            1_000_000,
            16_384,
            60_000,
            10_000,
            10_000,
            memoryFor(Runtime.getRuntime().maxMemory()),
            1_000,
            0);

    public NodeLimits {
        check("servicesPerSession", servicesPerSession);
        check("services", services);
        check("pendingOpens", pendingOpens);
        check("leaseMillis", leaseMillis);
        check("openMillis", openMillis);
        check("connectMillis", connectMillis);
        check("memoryBytes", memoryBytes);
        check("sessions", sessions);
        if (closeMillis < 0) {
            throw new IllegalArgumentException("closeMillis: " + closeMillis + " (expected: >= 0)");
        }
    }

    public NodeLimits withCloseMillis(long newCloseMillis) {
        return new NodeLimits(
                servicesPerSession,
                services,
                pendingOpens,
                leaseMillis,
                openMillis,
                connectMillis,
                memoryBytes,
                sessions,
                newCloseMillis);
    }

    /** Half of what the JVM may take for itself, which is also what Netty may take beside it; not more than it is good for. */
    static long memoryFor(long processBytes) {
        return Math.min(MOST_MEMORY_BYTES, processBytes / 2);
    }

    /** Links of one principal: so one that has gone bad cannot take the places of all others. */
    int sessionsPerPrincipal() {
        return Math.max(1, sessions / PRINCIPAL_PART);
    }

    private static void check(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: >= 1)");
        }
    }
}
