package dev.culvert.mux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** [MUX-24] */
class LinkSpeedTest {
    private static final long MILLI = 1_000_000;

    private final LinkSpeed speed = new LinkSpeed();
    private long now;

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
    void what_is_sent_without_backlog_says_nothing() {
        int before = speed.bound();
        for (int i = 0; i < 100; i++) {
            speed.sent(100);
            speed.idle();
            now += MILLI;
            speed.blocked(now, true);
            speed.idle();
        }
        assertThat(speed.bound()).isEqualTo(before);
    }

    @Test
    void bursts_that_the_link_takes_at_once_widen_the_bound_and_ones_that_it_refuses_do_not() {
        send(20_000, 50);
        speed.idle();
        burst(2 * LinkSpeed.SMALLEST - 1, false);
        assertThat(speed.bound()).isEqualTo(LinkSpeed.SMALLEST);
        burst(8 * LinkSpeed.SMALLEST, true);
        assertThat(speed.bound()).isEqualTo(LinkSpeed.SMALLEST);
        for (int i = 0; i < 20; i++) {
            burst(8 * LinkSpeed.SMALLEST, false);
        }
        assertThat(speed.bound()).isEqualTo(8 * LinkSpeed.SMALLEST);
        for (int i = 0; i < 20; i++) {
            burst(100 * LinkSpeed.LARGEST, false);
        }
        assertThat(speed.bound()).isEqualTo(LinkSpeed.LARGEST);
    }

    private void burst(int bytes, boolean refused) {
        for (int left = bytes; left > 0; left -= LinkSpeed.SMALLEST) {
            speed.sent(Math.min(left, LinkSpeed.SMALLEST));
            speed.blocked(now, refused);
        }
        speed.idle();
    }

    private void send(int bytesPerMilli, int millis) {
        for (int i = 0; i < millis; i++) {
            speed.blocked(now, true);
            speed.sent(bytesPerMilli);
            now += MILLI;
        }
    }

    @Test
    void says_when_the_bound_has_changed() {
        assertThat(speed.blocked(now, true)).isFalse();
        speed.sent(20_000_000);
        assertThat(speed.blocked(10 * MILLI - 1, true)).as("within a round").isFalse();
        assertThat(speed.blocked(10 * MILLI, true)).isTrue();
        speed.sent(20_000_000);
        assertThat(speed.blocked(20 * MILLI, true)).as("as fast as before").isFalse();
    }
}
