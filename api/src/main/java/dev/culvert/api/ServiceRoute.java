package dev.culvert.api;

import java.util.List;

/**
 * A service that this node may dial, and how it is reached. <em>Immutable.</em>
 *
 * @param address what is dialled: the service at its node
 * @param ways to it, those with fewer hops first; none: the name is kept for its owner, whose link is lost
 */
public record ServiceRoute(Address address, List<Way> ways) {
    public ServiceRoute {
        ways = List.copyOf(ways);
    }

    /** Whether its owner is away: a dial that waits ({@link DialOptions#withWaitUpTo}) reaches it when it is back. */
    public boolean isAway() {
        return ways.isEmpty();
    }
}
