package dev.culvert.node;

/**
 * What a node bounds. <em>Immutable.</em>
 *
 * @param servicesPerSession registrations that one session may hold
 * @param services registrations in all
 * @param pendingOpens streams of one session that may wait for their answer
 * @param sessions links that a relay takes
 * @param memoryBytes what all peers together may make this process hold
 * @param times how long it waits
 */
public record NodeLimits(
        int servicesPerSession, int services, int pendingOpens, int sessions, long memoryBytes, NodeTimes times) {
    private static final int PRINCIPAL_PART = 4;
    private static final long MOST_MEMORY_BYTES = 512L << 20;

    public static final NodeLimits DEFAULT = new NodeLimits(
            1_000, 1_000_000, 16_384, 1_000, memoryFor(Runtime.getRuntime().maxMemory()), NodeTimes.DEFAULT);

    public NodeLimits {
        check("servicesPerSession", servicesPerSession);
        check("services", services);
        check("pendingOpens", pendingOpens);
        check("sessions", sessions);
        check("memoryBytes", memoryBytes);
    }

    public NodeLimits withTimes(NodeTimes newTimes) {
        return new NodeLimits(servicesPerSession, services, pendingOpens, sessions, memoryBytes, newTimes);
    }

    /** Half of what the JVM may take for itself, which is also what Netty may take beside it; not more than it is good for. */
    static long memoryFor(long processBytes) {
        return Math.min(MOST_MEMORY_BYTES, processBytes / 2);
    }

    /** Links of one principal: so one that has gone bad cannot take the places of all others. */
    int sessionsPerPrincipal() {
        return Math.max(1, sessions / PRINCIPAL_PART);
    }

    static void check(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: >= 1)");
        }
    }
}
