package dev.culvert.mux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RttEstimatorTest {
    private static final long SECOND = 1_000_000_000L;

    private final RttEstimator rtt = new RttEstimator();

    @Test
    void knows_nothing_at_first() {
        assertThat(rtt.minimum(0)).isEqualTo(-1);
    }

    @Test
    void a_loaded_sample_does_not_raise_the_minimum() {
        rtt.add(0, 50);
        rtt.add(SECOND, 700);
        assertThat(rtt.minimum(2 * SECOND)).isEqualTo(50);
    }

    @Test
    void a_minimum_lasts_ten_seconds_and_the_next_best_follows() {
        rtt.add(0, 50);
        rtt.add(5 * SECOND, 80);
        rtt.add(6 * SECOND, 90);
        assertThat(rtt.minimum(10 * SECOND)).isEqualTo(50);
        assertThat(rtt.minimum(10 * SECOND + 1)).isEqualTo(80);
        assertThat(rtt.minimum(15 * SECOND + 1)).isEqualTo(90);
    }

    @Test
    void the_last_sample_stays_however_old() {
        rtt.add(0, 50);
        assertThat(rtt.minimum(1000 * SECOND)).isEqualTo(50);
        rtt.add(1000 * SECOND, 70);
        assertThat(rtt.minimum(1000 * SECOND)).isEqualTo(70);
    }
}
