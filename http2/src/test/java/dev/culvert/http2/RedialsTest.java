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
        assertThat(redials.onUsedEnded(false, 10_000)).isZero();
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

    private static long useOne(Redials redials, long upMillis) {
        dialOne(redials);
        redials.onUsed();
        return redials.onUsedEnded(false, upMillis);
    }

    @Test
    void many_short_uses_in_a_row_are_followed_by_waits_of_up_to_a_second() {
        Redials redials = redials(OPTIONS.withRetries(Duration.ofMillis(100), Duration.ofSeconds(15)));
        for (int use = 1; use <= 16; use++) {
            assertThat(useOne(redials, 5)).as("after use %d", use).isZero();
            assertThat(redials.beginsToWaitAfterUses()).isFalse();
        }
        assertThat(useOne(redials, 5)).isEqualTo(100);
        assertThat(redials.beginsToWaitAfterUses()).isTrue();
        long[] expected = {200, 400, 800, 1000, 1000};
        for (long wait : expected) {
            assertThat(useOne(redials, 9_999)).isEqualTo(wait);
            assertThat(redials.beginsToWaitAfterUses()).isFalse();
        }
        for (int i = 0; i < 1_000; i++) {
            assertThat(useOne(redials, 5)).isEqualTo(1000);
        }
    }

    @Test
    void a_long_use_or_a_spare_that_lived_long_ends_the_row_of_short_uses() {
        Redials redials = redials(OPTIONS);
        for (int row = 0; row < 3; row++) {
            for (int use = 0; use < 16; use++) {
                assertThat(useOne(redials, 5)).isZero();
            }
            if (row == 0) {
                assertThat(useOne(redials, 10_000)).isZero();
            } else {
                dialOne(redials);
                assertThat(redials.onSpareEnded(10_000)).isZero();
            }
        }
        assertThat(useOne(redials, 5)).isZero();
    }

    @Test
    void uses_by_clients_are_followed_by_no_waits_however_short_and_many() {
        Redials redials = redials(OPTIONS);
        for (int use = 0; use < 1_000; use++) {
            dialOne(redials);
            redials.onUsed();
            assertThat(redials.onUsedEnded(true, 1)).isZero();
        }
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
