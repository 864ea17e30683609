package dev.culvert.http2;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class RedialsTest {
    private static final DialOptions OPTIONS = DialOptions.DEFAULT
            .withRetries(Duration.ofMillis(100), Duration.ofMillis(1000))
            .withStable(Duration.ofSeconds(10));

    /** Always the longest wait that is possible. */
    private static final RandomGenerator LONGEST = new RandomGenerator() {
        @Override
        public long nextLong() {
            throw new AssertionError("a bound is given");
        }

        @Override
        public long nextLong(long bound) {
            return bound - 1;
        }
    };

    private static Redials redials(DialOptions options) {
        return new Redials(options, LONGEST);
    }

    private static void dialOne(Redials redials) {
        redials.onDial();
        redials.onDialled();
    }

    @Test
    void one_spare_is_kept_and_replaced_when_it_is_used() {
        Redials redials = redials(OPTIONS);
        assertThat(redials.missing()).isEqualTo(1);
        redials.onDial();
        assertThat(redials.missing()).isZero();
        redials.onDialled();
        assertThat(redials.missing()).isZero();
        redials.onUsed();
        assertThat(redials.missing()).isEqualTo(1);
    }

    @Test
    void several_spares_are_dialled_at_once_but_after_a_failure_one_by_one() {
        Redials redials = redials(OPTIONS.withSpares(3));
        assertThat(redials.missing()).isEqualTo(3);
        redials.onDial();
        redials.onFailed();
        assertThat(redials.missing()).isEqualTo(1);
        redials.onDial();
        assertThat(redials.missing()).isZero();
    }

    @Test
    void there_are_never_more_than_permitted_in_all() {
        Redials redials = redials(OPTIONS.withMostConnections(2));
        dialOne(redials);
        redials.onUsed();
        dialOne(redials);
        redials.onUsed();
        assertThat(redials.missing()).isZero();
        redials.onUsedEnded();
        assertThat(redials.missing()).isEqualTo(1);
    }

    @Test
    void the_range_of_waits_doubles_up_to_the_cap() {
        Redials redials = redials(OPTIONS);
        long[] expected = {100, 200, 400, 800, 1000, 1000};
        for (long wait : expected) {
            redials.onDial();
            assertThat(redials.onFailed()).isEqualTo(wait);
        }
        for (int i = 0; i < 100; i++) {
            redials.onDial();
            assertThat(redials.onFailed()).isEqualTo(1000);
        }
    }

    @Test
    void a_spare_that_is_dropped_young_is_a_failure_and_an_old_one_is_not() {
        Redials redials = redials(OPTIONS);
        dialOne(redials);
        assertThat(redials.onSpareEnded(9_999)).isEqualTo(100);
        dialOne(redials);
        assertThat(redials.onSpareEnded(0)).isEqualTo(200);
        dialOne(redials);
        assertThat(redials.onSpareEnded(10_000)).isZero();
        dialOne(redials);
        assertThat(redials.onSpareEnded(0)).isEqualTo(100);
    }

    @Test
    void a_connection_in_use_ends_the_series_of_failures() {
        Redials redials = redials(OPTIONS);
        redials.onDial();
        redials.onFailed();
        dialOne(redials);
        redials.onUsed();
        redials.onDial();
        assertThat(redials.onFailed()).isEqualTo(100);
    }

    @Test
    void waits_are_spread_over_the_whole_range() {
        Redials redials = new Redials(OPTIONS, new SplittableRandom(3));
        boolean low = false;
        boolean high = false;
        for (int i = 0; i < 200; i++) {
            redials.onDial();
            long wait = redials.onFailed();
            assertThat(wait).isBetween(0L, 1000L);
            low |= wait < 200;
            high |= wait > 800;
        }
        assertThat(low && high).isTrue();
    }
}
