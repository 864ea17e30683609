package dev.culvert.api;

import java.util.Comparator;
import java.util.List;

/**
 * How a node is reached. <em>Immutable.</em> The order is by hops.
 *
 * @param relays node names of the relays between, the nearest first; none: over a session with that very node, or it is this node
 */
public record Way(List<String> relays) implements Comparable<Way> {
    /** No relay is between. */
    public static final Way DIRECT = new Way(List.of());

    private static final Comparator<Way> ORDER = Comparator.<Way>comparingInt(
                    way -> way.relays().size())
            .thenComparing(way -> String.join(" ", way.relays()));

    public Way {
        relays = List.copyOf(relays);
    }

    /** Relays between. */
    public int hops() {
        return relays.size();
    }

    public boolean isDirect() {
        return relays.isEmpty();
    }

    @Override
    public int compareTo(Way other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return isDirect() ? "direct" : "through " + String.join(", ", relays);
    }
}
