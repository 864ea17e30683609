package dev.culvert.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GoDurationTest {
    @ParameterizedTest
    @CsvSource({
        "1s, PT1S",
        "1.5s, PT1.5S",
        "300ms, PT0.3S",
        "1m30s, PT1M30S",
        "2h45m, PT2H45M",
        "1h0.5m, PT1H30S",
        ".5s, PT0.5S",
        "1ns, PT0.000000001S",
        "100us, PT0.0001S",
        "7µs, PT0.000007S",
        "1.s, PT1S"
    })
    void reads_what_go_writes(String text, Duration expected) {
        assertThat(GoDuration.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "s",
                "-1s",
                "+1s",
                "0s",
                "0",
                "1 s",
                "1d",
                "1s2",
                "one",
                "1e3s",
                "1.2.3s",
                "99999999999999999999h"
            })
    void refuses_everything_else_by_name(String text) {
        assertThatThrownBy(() -> GoDuration.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("'" + text + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0s", "0h0m0s", "0.0ms", "-1s", "-1h30m"})
    void zero_and_less_is_none(String text) {
        assertThat(GoDuration.isNone(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1s", "0x", "00.1s", "0h1s", "s", "-"})
    void anything_else_is_not(String text) {
        assertThat(GoDuration.isNone(text)).isFalse();
    }
}
