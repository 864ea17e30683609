package dev.culvert.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.api.Selection;
import dev.culvert.node.Replicas.Way;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** In which order nodes that share a name are tried. [OPEN-14] */
final class ReplicasTest {
    private static final int DIALS = 10_000;

    private record Named(String name) implements Exit {}

    private final Random random = new Random(7);

    private static Way way(String node, int hops, int streams, long roundTripNanos) {
        return new Way(new Named(node), node, hops, streams, roundTripNanos);
    }

    private String first(List<Way> ways, Selection selection, int turn) {
        return Replicas.order(ways, selection, random, turn).get(0).node();
    }

    private static List<Way> fleet(int size) {
        List<Way> ways = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            ways.add(way("edge" + i, 1, 0, -1));
        }
        return ways;
    }

    @Test
    void every_way_is_tried_once_whatever_the_rule() {
        List<Way> ways = List.of(way("a", 1, 5, 10), way("b", 3, 0, 10), way("c", 1, 2, 5), way("d", 2, 0, 1));
        for (Selection selection :
                List.of(Selection.LEAST_IN_FLIGHT, Selection.ROUND_ROBIN, Selection.NEAREST, Selection.sticky("x"))) {
            for (int turn = -5; turn < 5; turn++) {
                assertThat(Replicas.order(ways, selection, random, turn))
                        .as("%s", selection)
                        .containsExactlyInAnyOrderElementsOf(ways);
            }
        }
    }

    @Test
    void least_in_flight_keeps_the_loads_of_a_fleet_close_together() {
        int[] streams = new int[10];
        for (int i = 0; i < DIALS; i++) {
            List<Way> ways = new ArrayList<>();
            for (int n = 0; n < streams.length; n++) {
                ways.add(way("" + n, 1, streams[n], -1));
            }
            streams[Integer.parseInt(first(ways, Selection.LEAST_IN_FLIGHT, 0))]++;
        }
        // two choices: log log n above the mean, where one random choice would be off by some sixty
        assertThat(IntStream.of(streams).boxed()).allMatch(load -> Math.abs(load - DIALS / streams.length) <= 10);
    }

    @Test
    void least_in_flight_leaves_the_nearest_only_when_it_has_to() {
        List<Way> ways = List.of(way("far", 2, 0, 1), way("near", 1, 1_000, 1), way("farther", 3, 0, 1));
        assertThat(Replicas.order(ways, Selection.LEAST_IN_FLIGHT, random, 0))
                .extracting(Way::node)
                .containsExactly("near", "far", "farther");
    }

    @Test
    void round_robin_takes_each_in_turn_near_or_far() {
        List<Way> ways = List.of(way("c", 3, 9, 9), way("a", 1, 0, 0), way("b", 2, 5, 5));
        List<String> taken = new ArrayList<>();
        for (int turn = 0; turn < 6; turn++) {
            taken.add(first(ways, Selection.ROUND_ROBIN, turn));
        }
        assertThat(taken).containsExactly("a", "b", "c", "a", "b", "c");
    }

    @Test
    void nearest_is_the_fewest_hops_and_then_the_shortest_round_trip() {
        List<Way> ways = List.of(way("a", 2, 0, 1), way("b", 1, 0, 9), way("c", 1, 0, 3), way("unknown", 1, 0, -1));
        assertThat(Replicas.order(ways, Selection.NEAREST, random, 0))
                .extracting(Way::node)
                .as("one that nobody has measured is tried, and so becomes known")
                .containsExactly("unknown", "c", "b", "a");
    }

    @Test
    void a_sticky_key_stays_when_others_come_and_go_and_keys_spread_evenly() {
        List<Way> ten = fleet(10);
        List<Way> nine = ten.subList(0, 9);
        Map<String, Integer> taken = new HashMap<>();
        for (int i = 0; i < DIALS; i++) {
            Selection selection = Selection.sticky("user-" + i);
            String node = first(ten, selection, 0);
            taken.merge(node, 1, Integer::sum);
            if (!node.equals("edge9")) {
                assertThat(first(nine, selection, 0)).isEqualTo(node);
            }
        }
        assertThat(taken.values()).hasSize(10).allMatch(count -> count > 850 && count < 1_150);
    }
}
