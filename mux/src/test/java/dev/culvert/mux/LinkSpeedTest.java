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
            speed.blocked(now);
            speed.idle();
        }
        assertThat(speed.bound()).isEqualTo(before);
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
        assertThat(speed.blocked(10 * MILLI - 1)).as("within a round").isFalse();
        assertThat(speed.blocked(10 * MILLI)).isTrue();
        speed.sent(20_000_000);
        assertThat(speed.blocked(20 * MILLI)).as("as fast as before").isFalse();
    }
}
