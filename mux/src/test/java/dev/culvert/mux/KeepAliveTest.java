package dev.culvert.mux;

import static dev.culvert.mux.KeepAlive.Verdict.DEAD;
import static dev.culvert.mux.KeepAlive.Verdict.PING;
import static dev.culvert.mux.KeepAlive.Verdict.WAIT;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** [MUX-18] */
class KeepAliveTest {
    private static final long INTERVAL = 10_000;

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 0.999})
    void the_dialler_pings_within_twenty_percent_of_the_interval(double random) {
        KeepAlive keepAlive = new KeepAlive(INTERVAL, true, () -> random, 0);
        long due = keepAlive.nextCheckNanos();
        assertThat(due).isBetween(8_000L, 12_000L);
        assertThat(keepAlive.check(due - 1, due - 1)).isEqualTo(WAIT);
        assertThat(keepAlive.check(due, due - 1)).isEqualTo(PING);
        assertThat(keepAlive.nextCheckNanos()).isBetween(due + 8_000, due + 12_000);
    }

    @Test
    void either_end_gives_up_in_time_to_have_noticed_within_two_and_a_half_intervals() {
        for (boolean dialler : new boolean[] {true, false}) {
            KeepAlive keepAlive = new KeepAlive(INTERVAL, dialler, () -> 0.5, 0);
            long now = 0;
            KeepAlive.Verdict verdict = WAIT;
            while (verdict != DEAD) {
                now = keepAlive.nextCheckNanos();
                verdict = keepAlive.check(now, 0);
            }
            assertThat(now).isEqualTo(24_000);
        }
    }

    @Test
    void any_byte_counts() {
        KeepAlive keepAlive = new KeepAlive(INTERVAL, true, () -> 0.5, 0);
        for (long now = 0; now < 1_000_000; now = keepAlive.nextCheckNanos()) {
            assertThat(keepAlive.check(now, now - 20_000)).isNotEqualTo(DEAD);
        }
    }

    @Test
    void the_acceptor_asks_only_after_one_and_a_half_intervals_of_silence() {
        KeepAlive keepAlive = new KeepAlive(INTERVAL, false, () -> 0.5, 0);
        assertThat(keepAlive.nextCheckNanos()).isEqualTo(15_000);
        assertThat(keepAlive.check(15_000, 9_000)).isEqualTo(WAIT);
        assertThat(keepAlive.nextCheckNanos()).isEqualTo(24_000);
        assertThat(keepAlive.check(24_000, 9_000)).isEqualTo(PING);
    }

    @Test
    void a_loop_that_slept_asks_before_it_gives_up() {
        for (boolean dialler : new boolean[] {true, false}) {
            KeepAlive keepAlive = new KeepAlive(INTERVAL, dialler, () -> 0.5, 0);
            assertThat(keepAlive.check(100_000, 1_000)).isEqualTo(PING);
            assertThat(keepAlive.nextCheckNanos()).isEqualTo(105_000);
            assertThat(keepAlive.check(105_000, 1_000)).isEqualTo(DEAD);
        }
    }

    @Test
    void an_answer_to_one_that_slept_counts() {
        KeepAlive keepAlive = new KeepAlive(INTERVAL, false, () -> 0.5, 0);
        assertThat(keepAlive.check(100_000, 1_000)).isEqualTo(PING);
        assertThat(keepAlive.check(105_000, 104_999)).isEqualTo(WAIT);
    }

    @Test
    void half_an_interval_late_is_not_yet_asleep() {
        KeepAlive awake = new KeepAlive(INTERVAL, true, () -> 0.5, 0);
        assertThat(awake.check(15_000, -10_000)).isEqualTo(DEAD);
        KeepAlive asleep = new KeepAlive(INTERVAL, true, () -> 0.5, 0);
        assertThat(asleep.check(15_001, -10_000)).isEqualTo(PING);
    }

    @Test
    void an_acceptor_that_has_asked_waits_for_the_answer_until_its_verdict() {
        KeepAlive keepAlive = new KeepAlive(INTERVAL, false, () -> 0, 0);
        assertThat(keepAlive.check(15_000, 0)).isEqualTo(PING);
        assertThat(keepAlive.check(23_999, 0)).isEqualTo(WAIT);
        assertThat(keepAlive.nextCheckNanos()).isEqualTo(24_000);
        assertThat(keepAlive.check(24_000, 0)).isEqualTo(DEAD);
    }
}
