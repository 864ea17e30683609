package dev.culvert.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class LineTest {
    @Test
    void reads_the_word_the_phase_and_the_numbers() {
        Line line = Line.parse("at open residentKiB=2048 heap=1.5 yamux=v0.1.2");
        assertThat(line).isEqualTo(new Line("at", "open", Map.of("residentKiB", 2048.0, "heap", 1.5)));
    }

    @Test
    void a_word_alone_is_a_line() {
        assertThat(Line.parse("dropped")).isEqualTo(new Line("dropped", "", Map.of()));
    }
}
