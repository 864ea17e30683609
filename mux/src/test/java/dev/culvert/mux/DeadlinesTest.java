package dev.culvert.mux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private final Deadlines<String> deadlines = new Deadlines<>(30);

    @Test
    void end_in_the_order_in_which_they_began() {
        deadlines.start("a", 0);
        deadlines.start("b", 5);
        assertThat(deadlines.firstNanos()).isEqualTo(30);
        assertThat(deadlines.expired(29)).isNull();
        assertThat(deadlines.expired(30)).isEqualTo("a");
        assertThat(deadlines.expired(30)).isNull();
        assertThat(deadlines.expired(40)).isEqualTo("b");
        assertThat(deadlines.isEmpty()).isTrue();
    }

    @Test
    void starting_again_does_not_prolong() {
        deadlines.start("a", 0);
        deadlines.start("a", 20);
        assertThat(deadlines.expired(30)).isEqualTo("a");
    }

    @Test
    void after_a_cancel_the_time_starts_anew() {
        deadlines.start("a", 0);
        deadlines.cancel("a");
        deadlines.start("a", 20);
        assertThat(deadlines.expired(30)).isNull();
        assertThat(deadlines.expired(50)).isEqualTo("a");
    }
}
