package dev.culvert.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Waits between attempts. [LINK-24] */
class BackOffTest {
    private static final long SEED = 11;

    /** Draws the largest value each time. */
    private static final RandomGenerator LARGEST = new RandomGenerator() {
        @Override
        public long nextLong() {
            return -1;
        }

        @Override
        public long nextLong(long bound) {
            return bound - 1;
        }
    };

    private final BackOff largest = new BackOff(LinkTiming.DEFAULT, LARGEST);

    @Test
    void first_range_is_two_seconds_and_doubles_up_to_fifteen() {
        long[] waits = LongStream.range(0, 6)
                .map(i -> largest.next(0, BackOff.Hint.NONE))
                .toArray();
        assertThat(waits).containsExactly(2_000, 4_000, 8_000, 15_000, 15_000, 15_000);
    }

    @Test
    void a_link_that_was_stable_starts_anew() {
        LongStream.range(0, 6).forEach(i -> largest.next(0, BackOff.Hint.NONE));
        assertThat(largest.next(29_999, BackOff.Hint.NONE)).isEqualTo(15_000);
        assertThat(largest.next(30_000, BackOff.Hint.NONE)).isEqualTo(2_000);
        assertThat(largest.next(0, BackOff.Hint.NONE)).isEqualTo(4_000);
    }

    @Test
    void the_range_never_overflows() {
        BackOff long_lived = new BackOff(LinkTiming.DEFAULT, LARGEST);
        for (int i = 0; i < 10_000; i++) {
            assertThat(long_lived.next(0, BackOff.Hint.NONE)).isBetween(0L, 15_000L);
        }
    }

    @Test
    void a_refusal_sets_a_floor_and_widens_the_range() {
        assertThat(largest.next(0, BackOff.Hint.of(5_000, 60_000))).isEqualTo(65_000);
        assertThat(largest.next(0, BackOff.Hint.of(5_000, 100))).isEqualTo(5_000 + 4_000);
    }

    @Test
    void no_retry_comes_sooner_than_the_floor_nor_later_than_the_cap() {
        LinkTiming timing = LinkTiming.DEFAULT.withRetries(5_000, 60_000, LinkTiming.FOR_EVER);
        Random random = new Random(SEED);
        BackOff backOff = new BackOff(timing, random);
        for (int i = 0; i < 1_000; i++) {
            assertThat(backOff.next(0, BackOff.Hint.NONE)).as("seed %d", SEED).isBetween(5_000L, 60_000L);
        }
        BackOff late = new BackOff(timing, LARGEST);
        assertThat(LongStream.range(0, 5).map(i -> late.next(0, BackOff.Hint.NONE)))
                .containsExactly(5_000L, 10_000L, 20_000L, 40_000L, 60_000L);
    }

    @Test
    void retries_are_counted_from_the_last_link_that_was_stable() {
        BackOff backOff = new BackOff(LinkTiming.DEFAULT.withRetries(0, 15_000, 2), LARGEST);
        backOff.next(0, BackOff.Hint.NONE);
        assertThat(backOff.isExhausted(0)).isFalse();
        backOff.next(0, BackOff.Hint.NONE);
        assertThat(backOff.isExhausted(0)).isTrue();
        assertThat(backOff.isExhausted(30_000)).isFalse();
        assertThat(new BackOff(LinkTiming.DEFAULT.withRetries(0, 15_000, 0), LARGEST).isExhausted(30_000))
                .isTrue();
        assertThat(largest.isExhausted(0)).isFalse();
    }

    @Test
    void a_hint_beyond_reason_is_cut_to_an_hour() {
        assertThat(BackOff.Hint.of(-1, -1)).isEqualTo(new BackOff.Hint(3_600_000, 3_600_000));
    }

    @Test
    void waits_are_spread_evenly_over_the_range() {
        Random random = new Random(SEED);
        int[] buckets = new int[10];
        for (int i = 0; i < 10_000; i++) {
            long wait = new BackOff(LinkTiming.DEFAULT, random).next(0, BackOff.Hint.NONE);
            buckets[(int) Math.min(9, wait / 200)]++;
        }
        assertThat(Arrays.stream(buckets).min().orElse(0)).as("seed %d", SEED).isGreaterThan(850);
        assertThat(Arrays.stream(buckets).max().orElse(0)).as("seed %d", SEED).isLessThan(1_150);
    }
}
