package dev.culvert.mux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.mux.SlowConsumer.Holding;
import java.util.List;
import org.junit.jupiter.api.Test;

/** [MUX-21] */
class SlowConsumerTest {
    @Test
    void the_party_that_holds_most_loses_its_largest_first() {
        List<Holding<String>> holdings = List.of(
                new Holding<>("a-small", "a", 10),
                new Holding<>("b-largest-of-all", "b", 90),
                new Holding<>("a-large", "a", 60),
                new Holding<>("a-middle", "a", 50));
        assertThat(SlowConsumer.victims(holdings, 70)).containsExactly("a-large", "a-middle");
    }

    @Test
    void the_next_party_follows_only_if_the_first_does_not_do() {
        List<Holding<String>> holdings = List.of(new Holding<>("a", "party a", 100), new Holding<>("b", "party b", 40));
        assertThat(SlowConsumer.victims(holdings, 100)).containsExactly("a");
        assertThat(SlowConsumer.victims(holdings, 101)).containsExactly("a", "b");
    }

    @Test
    void nobody_loses_when_nothing_is_needed() {
        assertThat(SlowConsumer.victims(List.of(new Holding<>("a", "a", 1)), 0)).isEmpty();
        assertThat(SlowConsumer.victims(List.<Holding<String>>of(), 100)).isEmpty();
    }

    @Test
    void it_is_the_sum_that_counts_whatever_the_parties_are_called() {
        for (List<String> names : List.of(List.of("a", "b"), List.of("b", "a"))) {
            String most = names.get(0);
            List<Holding<String>> holdings = List.of(
                    new Holding<>("one", names.get(1), 90),
                    new Holding<>("two", most, 60),
                    new Holding<>("three", most, 50));
            assertThat(SlowConsumer.victims(holdings, 110)).containsExactly("two", "three");
        }
    }

    @Test
    void of_two_parties_that_hold_the_same_one_is_spared() {
        List<Holding<String>> holdings = List.of(
                new Holding<>("a1", "a", 50),
                new Holding<>("b1", "b", 50),
                new Holding<>("a2", "a", 40),
                new Holding<>("b2", "b", 40));
        assertThat(SlowConsumer.victims(holdings, 90)).containsExactly("a1", "a2");
    }
}
