package dev.culvert.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MeterTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void counts_between_its_start_and_its_end() {
        long before = Meter.now();
        Meter meter = Meter.start(PeerOptions.parse(new String[] {"-warm", "10", "-secs", "5"}, 0));
        long after = Meter.now();

        assertThat(meter.counts(before)).isZero();
        assertThat(meter.counts(before + 10 * SECOND - 1)).isZero();
        assertThat(meter.counts(after + 10 * SECOND)).isOne();
        assertThat(meter.counts(before + 15 * SECOND - 1)).isOne();
        assertThat(meter.counts(after + 15 * SECOND)).isZero();
        assertThat(meter.over(before + 15 * SECOND - 1)).isFalse();
        assertThat(meter.over(after + 15 * SECOND)).isTrue();
        assertThat(meter.perSecond(50)).isEqualTo(10);
    }
}
