package dev.culvert.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.link.RelayChoice.State;
import dev.culvert.link.transport.Endpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which relays a node is linked to. [LINK-25] */
class RelayChoiceTest {
    private static final RelayTarget A = target(1);
    private static final RelayTarget B = target(2);
    private static final RelayTarget C = target(3);
    private static final RelayTarget D = target(4);

    private static RelayTarget target(int number) {
        byte[] key = new byte[32];
        key[0] = (byte) number;
        return new RelayTarget(new Endpoint.Tls("relay" + number, 7443), key);
    }

    private static List<String> next(RelayChoice choice) {
        return choice.next().stream()
                .map(move -> move instanceof RelayChoice.Start start
                        ? "start " + start.target()
                        : "drop " + ((RelayChoice.Drop) move).target())
                .toList();
    }

    private static String start(RelayTarget target) {
        return "start " + target;
    }

    private static String drop(RelayTarget target) {
        return "drop " + target;
    }

    @Test
    void links_to_every_relay_that_was_given() {
        RelayChoice choice = new RelayChoice(List.of(A, B, C), 2);
        assertThat(next(choice)).containsExactly(start(A), start(B), start(C));
        assertThat(next(choice)).isEmpty();
    }

    @Test
    void knows_whether_any_link_is_good() {
        RelayChoice choice = new RelayChoice(List.of(A, B), 2);
        next(choice);
        assertThat(choice.anyGood()).isFalse();
        choice.state(B, State.GOOD);
        assertThat(choice.anyGood()).isTrue();
    }

    @Test
    void links_to_a_second_relay_when_the_first_names_more() {
        RelayChoice choice = new RelayChoice(List.of(A), 2);
        next(choice);
        choice.state(A, State.GOOD);
        assertThat(next(choice)).isEmpty();
        choice.learn(B);
        choice.learn(C);
        assertThat(next(choice)).containsExactly(start(B));
        choice.state(B, State.GOOD);
        assertThat(next(choice)).isEmpty();
    }

    @Test
    void a_stand_in_takes_over_and_goes_when_the_given_relay_is_back() {
        RelayChoice choice = new RelayChoice(List.of(A, B), 2);
        next(choice);
        choice.learn(C);
        choice.state(A, State.GOOD);
        choice.state(B, State.GOOD);
        choice.state(B, State.UNSTEADY);
        assertThat(next(choice)).containsExactly(start(C));
        choice.state(C, State.GOOD);
        assertThat(next(choice)).isEmpty();
        choice.state(B, State.GOOD);
        assertThat(next(choice)).containsExactly(drop(C));
    }

    @Test
    void tries_further_stand_ins_while_earlier_ones_fail() {
        RelayChoice choice = new RelayChoice(List.of(A), 2);
        next(choice);
        List.of(B, C, D).forEach(choice::learn);
        choice.state(A, State.GOOD);
        assertThat(next(choice)).containsExactly(start(B));
        choice.state(B, State.UNSTEADY);
        assertThat(next(choice)).containsExactly(start(C));
        choice.state(C, State.GOOD);
        assertThat(next(choice)).containsExactly(drop(B));
    }

    @Test
    void a_refusal_is_final_and_makes_room_for_a_stand_in() {
        RelayChoice choice = new RelayChoice(List.of(A, B), 2);
        next(choice);
        choice.learn(C);
        choice.state(A, State.GOOD);
        choice.state(B, State.REFUSED);
        assertThat(next(choice)).containsExactly(start(C));
        choice.state(A, State.UNSTEADY);
        assertThat(next(choice)).isEmpty();
    }

    @Test
    void of_two_addresses_of_one_relay_the_other_has_its_chance_when_the_first_fails() {
        RelayChoice choice = new RelayChoice(List.of(A, B), 2);
        next(choice);
        choice.state(A, State.TWIN);
        choice.state(B, State.GOOD);
        assertThat(next(choice)).isEmpty();
        choice.state(B, State.UNSTEADY);
        assertThat(next(choice)).containsExactly(start(A));
    }

    @Test
    void learns_no_relay_without_a_key_and_none_whose_key_it_has() {
        RelayChoice choice = new RelayChoice(List.of(A), 3);
        next(choice);
        choice.learn(new RelayTarget(new Endpoint.Tls("elsewhere", 1), A.key()));
        choice.learn(new RelayTarget(new Endpoint.Tls("keyless", 1), null));
        assertThat(next(choice)).isEmpty();
    }

    @Test
    void what_is_learned_is_bounded() {
        RelayChoice choice = new RelayChoice(List.of(A), 1_000);
        for (int i = 2; i < 100; i++) {
            choice.learn(target(i));
        }
        assertThat(next(choice)).hasSizeLessThanOrEqualTo(32);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void given_relays_always_have_a_link_and_enough_are_always_tried(long seed) {
        Random random = new Random(seed);
        RelayChoice choice = new RelayChoice(List.of(A, B), 3);
        Map<RelayTarget, State> linked = new HashMap<>();
        List.of(C, D, target(5), target(6)).forEach(choice::learn);
        for (int round = 0; round < 5_000; round++) {
            apply(choice.next(), linked);
            assertThat(linked).as("seed %d round %d", seed, round).containsKeys(A, B);
            long hopeful = linked.values().stream()
                    .filter(state -> state != State.UNSTEADY)
                    .count();
            assertThat(hopeful >= 3 || linked.size() == 6)
                    .as("seed %d round %d: %s", seed, round, linked)
                    .isTrue();
            RelayTarget one = new ArrayList<>(linked.keySet()).get(random.nextInt(linked.size()));
            State state = random.nextBoolean() ? State.GOOD : State.UNSTEADY;
            linked.put(one, state);
            choice.state(one, state);
        }
    }

    private static void apply(List<RelayChoice.Move> moves, Map<RelayTarget, State> linked) {
        for (RelayChoice.Move move : moves) {
            if (move instanceof RelayChoice.Start start) {
                assertThat(linked).doesNotContainKey(start.target());
                linked.put(start.target(), State.TRYING);
            } else if (move instanceof RelayChoice.Drop drop) {
                assertThat(linked.remove(drop.target())).isNotNull();
            }
        }
    }
}
