package dev.culvert.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class JsonLineTest {
    @Test
    void quotes_what_must_be_quoted() {
        String line = new JsonLine().text("a\"b", "c\\d\n").number("n", 1.5).toString();
        assertThat(line).isEqualTo("{\"a\\\"b\":\"c\\\\d\\u000a\",\"n\":1.5}");
    }
}
