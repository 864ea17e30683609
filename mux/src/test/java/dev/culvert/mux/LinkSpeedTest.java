package dev.culvert.mux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** [MUX-24] */
class LinkSpeedTest {
    private static final long MILLI = 1_000_000;

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
    void a_burst_after_a_long_silence_widens_nothing() {
        send(20_000, 50);
        now += 60_000 * MILLI;
        bursts(LinkSpeed.LARGEST, 60_000, 1);
        assertThat(speed.bound()).isEqualTo(LinkSpeed.SMALLEST);
    }

    @Test
    void pauses_halve_the_bound_and_no_more() {
        send(2_000_000, 50);
        assertThat(speed.bound()).isEqualTo(LinkSpeed.LARGEST);
        speed.idle(now);
        now += 60_000 * MILLI;
        assertThat(speed.idle(now)).isTrue();
        assertThat(speed.bound()).isEqualTo(LinkSpeed.LARGEST / 2);
        for (int i = 0; i < 10; i++) {
            now += 10 * MILLI;
            speed.idle(now);
        }
        assertThat(speed.bound()).isEqualTo(LinkSpeed.SMALLEST);
    }

    /** Each is taken at once, and then there is nothing to send until the next. */
    private void bursts(int bytes, int everyMillis, int count) {
        for (int i = 0; i < count; i++) {
            for (int left = bytes; left > 0; left -= LinkSpeed.SMALLEST) {
                speed.sent(Math.min(left, LinkSpeed.SMALLEST));
                speed.blocked(now);
            }
            speed.idle(now);
            now += everyMillis * MILLI;
        }
    }

    private void send(int bytesPerMilli, int millis) {
        for (int i = 0; i < millis; i++) {
            speed.blocked(now);
            speed.sent(bytesPerMilli);
            now += MILLI;
        }
    }

    @Test
    void says_when_the_bound_has_changed() {
        assertThat(speed.blocked(now)).isFalse();
        speed.sent(20_000_000);
        assertThat(speed.blocked(now + 10 * MILLI - 1)).as("within a round").isFalse();
        assertThat(speed.blocked(now + 10 * MILLI)).isTrue();
        speed.sent(20_000_000);
        assertThat(speed.blocked(now + 20 * MILLI)).as("as fast as before").isFalse();
    }
}
