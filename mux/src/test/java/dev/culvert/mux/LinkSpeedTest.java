package dev.culvert.mux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** [MUX-24] */
class LinkSpeedTest {
    private static final long MILLI = 1_000_000;
    private static final long NO_ROUND_TRIP = -1;

    private long now = -3;
    private final LinkSpeed speed = new LinkSpeed(now);

    @Test
    void a_slow_link_gets_the_smallest_bound() {
        send(200_000 / 8, 50);
        assertThat(speed.bound()).isEqualTo(LinkSpeed.SMALLEST);
        assertThat(speed.isFast()).isFalse();
    }

    @Test
    void a_fast_link_gets_the_largest_bound() {
        send(2_000_000, 50);
        assertThat(speed.bound()).isEqualTo(LinkSpeed.LARGEST);
        assertThat(speed.isFast()).isTrue();
    }

    @Test
    void the_bound_follows_a_link_that_becomes_slow() {
        send(2_000_000, 50);
        send(20_000, 50);
        assertThat(speed.bound()).isEqualTo(LinkSpeed.SMALLEST);
    }

    @Test
    void bursts_raise_the_bound_to_what_they_come_to_over_time_however_fast_each_is_taken() {
        send(20_000, 50);
        bursts(100_000, 4, 50);
        assertThat(speed.bound()).as("25 MB/s").isEqualTo(LinkSpeed.SMALLEST);
        bursts(2_000_000, 4, 50);
        assertThat(speed.bound()).as("500 MB/s").isEqualTo(16 * LinkSpeed.SMALLEST);
    }

    @Test
    void a_burst_after_a_long_silence_counts_for_what_it_comes_to_in_a_round() {
        send(20_000, 50);
        now += 60_000 * MILLI;
        bursts(LinkSpeed.LARGEST, 10, 1);
        assertThat(speed.bound()).isEqualTo(LinkSpeed.SMALLEST);
        speed.idle(now, NO_ROUND_TRIP);
        assertThat(speed.bound()).as("1 MiB in 10 ms").isEqualTo(4 * LinkSpeed.SMALLEST);
        bursts(0, 10, 3);
        assertThat(speed.bound()).isEqualTo(LinkSpeed.SMALLEST);
    }

    @Test
    void short_bursts_with_silence_between_them_narrow_nothing() {
        send(2_000_000, 50);
        bursts(2_000_000, 100, 50);
        assertThat(speed.bound()).isEqualTo(LinkSpeed.LARGEST);
    }

    @Test
    void pauses_halve_the_bound_round_by_round() {
        send(2_000_000, 50);
        assertThat(speed.bound()).isEqualTo(LinkSpeed.LARGEST);
        bursts(0, 10, 2);
        assertThat(speed.bound()).isEqualTo(LinkSpeed.LARGEST / 2);
        bursts(0, 10, 10);
        assertThat(speed.bound()).isEqualTo(LinkSpeed.SMALLEST);
    }

    /** A congestion window that has grown takes what a round trip carries at once. */
    @Test
    void a_round_is_a_round_trip_where_that_is_longer() {
        long roundTrip = 100 * MILLI;
        for (int i = 0; i < 50; i++) {
            speed.sent(2_500_000);
            speed.idle(now, roundTrip);
            now += roundTrip / 2;
            speed.idle(now, roundTrip);
            now += roundTrip / 2;
            speed.idle(now, roundTrip);
        }
        assertThat(speed.bound()).as("25 MB/s").isEqualTo(LinkSpeed.SMALLEST);
    }

    /** Each is taken at once, and then there is nothing to send until the next. */
    private void bursts(int bytes, int everyMillis, int count) {
        for (int i = 0; i < count; i++) {
            for (int left = bytes; left > 0; left -= LinkSpeed.SMALLEST) {
                speed.sent(Math.min(left, LinkSpeed.SMALLEST));
                speed.blocked(now, NO_ROUND_TRIP);
            }
            speed.idle(now, NO_ROUND_TRIP);
            now += everyMillis * MILLI;
        }
    }

    private void send(int bytesPerMilli, int millis) {
        for (int i = 0; i < millis; i++) {
            speed.blocked(now, NO_ROUND_TRIP);
            speed.sent(bytesPerMilli);
            now += MILLI;
        }
    }

    @Test
    void says_when_the_bound_has_changed() {
        assertThat(speed.blocked(now, NO_ROUND_TRIP)).isFalse();
        speed.sent(20_000_000);
        assertThat(speed.blocked(now + 10 * MILLI - 1, NO_ROUND_TRIP))
                .as("within a round")
                .isFalse();
        assertThat(speed.blocked(now + 10 * MILLI, NO_ROUND_TRIP)).isTrue();
        speed.sent(20_000_000);
        assertThat(speed.blocked(now + 20 * MILLI, NO_ROUND_TRIP))
                .as("as fast as before")
                .isFalse();
    }
}
