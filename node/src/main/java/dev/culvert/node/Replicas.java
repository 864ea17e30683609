package dev.culvert.node;

import dev.culvert.api.Selection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * In which order to try the nodes that share a service. Pure: chance and whose turn it is are handed in. <em>Stateless.</em> [OPEN-14]
 */
final class Replicas {
    private static final Comparator<Way> BY_HOPS = Comparator.comparingInt(Way::hops);
    private static final Comparator<Way> NEAREST_FIRST = BY_HOPS.thenComparingLong(Way::roundTripNanos);

    private Replicas() {}

    /**
     * A way to one of the nodes. <em>Immutable.</em>
     *
     * @param node who offers the service
     * @param hops links on the way; 0: it is this node
     * @param streams that the first link carries now
     * @param roundTripNanos of the first link; -1: unknown
     */
    record Way(Exit exit, String node, int hops, int streams, long roundTripNanos) {}

    /** All ways, the best first. */
    static List<Way> order(List<Way> ways, Selection selection, RandomGenerator random, int turn) {
        if (ways.size() < 2) {
            return ways;
        }
        return switch (selection.rule()) {
            case LEAST_IN_FLIGHT -> leastInFlight(ways, random);
            case ROUND_ROBIN -> inTurn(ways, turn);
            case NEAREST -> sorted(ways, NEAREST_FIRST);
            case STICKY ->
                sorted(
                        ways,
                        Comparator.comparingLong((Way way) -> weight(selection.key(), way.node()))
                                .reversed()
                                .thenComparing(BY_HOPS));
        };
    }

    /** Two of the nearest at random, the less loaded first; then the rest, the nearer before the farther. */
    private static List<Way> leastInFlight(List<Way> ways, RandomGenerator random) {
        List<Way> order = sorted(ways, BY_HOPS);
        int near = 1;
        while (near < order.size() && order.get(near).hops() == order.get(0).hops()) {
            near++;
        }
        if (near > 1) {
            Collections.swap(order, 0, random.nextInt(near));
            Collections.swap(order, 1, 1 + random.nextInt(near - 1));
            if (order.get(1).streams() < order.get(0).streams()) {
                Collections.swap(order, 0, 1);
            }
        }
        return order;
    }

    private static List<Way> inTurn(List<Way> ways, int turn) {
        List<Way> order = sorted(ways, Comparator.comparing(Way::node));
        Collections.rotate(order, -Math.floorMod(turn, order.size()));
        return order;
    }

    private static List<Way> sorted(List<Way> ways, Comparator<Way> comparator) {
        List<Way> order = new ArrayList<>(ways);
        order.sort(comparator);
        return order;
    }

    /**
     * Highest random weight: each relay comes to the same order by itself, and a node that goes moves its own keys only. FNV-1a, then the
     * finish of MurmurHash3, so that similar keys differ in all bits.
     */
    private static long weight(String key, String node) {
        long hash = hash(hash(0xcbf29ce484222325L, key) * 31, node);
        hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
        hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
        return hash ^ hash >>> 33;
    }

    private static long hash(long start, String text) {
        long hash = start;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }
}
