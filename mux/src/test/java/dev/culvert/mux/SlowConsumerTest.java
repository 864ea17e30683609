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
}
