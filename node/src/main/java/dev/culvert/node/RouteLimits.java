package dev.culvert.node;

/**
 * How many services of other relays a relay takes from one neighbour, tells one, and remembers in all. <em>Immutable.</em> [ROUTE-15]
 */
record RouteLimits(int perSession, int inAll) {
    static final RouteLimits DEFAULT = new RouteLimits(10_000, 100_000);

    RouteLimits {
        NodeLimits.check("perSession", perSession);
        NodeLimits.check("inAll", inAll);
    }
}
