package dev.culvert.api;

import java.util.List;

/**
 * Another node, and how it is reached. <em>Immutable.</em>
 *
 * @param node its name
 * @param ways to it, those with fewer hops first; none: its names are kept for it, and its link is lost
 */
public record NodeRoute(String node, List<Way> ways) {
    public NodeRoute {
        ways = List.copyOf(ways);
    }

    /** Whether nothing leads to it now. */
    public boolean isAway() {
        return ways.isEmpty();
    }
}
