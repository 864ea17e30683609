package dev.culvert.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SpreadTest {
    @Test
    void takes_the_middle_of_an_odd_number_of_rounds() {
        assertThat(Spread.of(List.of(9.0, 1.0, 4.0))).isEqualTo(new Spread(1, 4, 9));
    }

    @Test
    void takes_the_mean_of_the_middle_two_of_an_even_number() {
        assertThat(Spread.of(List.of(1.0, 2.0, 4.0, 100.0)).median()).isEqualTo(3);
    }

    @Test
    void has_nothing_to_say_without_rounds() {
        assertThatThrownBy(() -> Spread.of(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void jains_index_is_one_for_equal_shares_and_one_over_n_for_a_monopoly() {
        assertThat(Spread.jain(new long[] {7, 7, 7, 7})).isEqualTo(1, within(1e-12));
        assertThat(Spread.jain(new long[] {0, 0, 9, 0})).isEqualTo(0.25, within(1e-12));
    }
}
