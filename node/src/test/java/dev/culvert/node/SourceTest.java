package dev.culvert.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SourceTest {
    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1:40000 198.51.100.1:443", "[2001:db8::1]:1 [2001:db8::2]:65535"})
    void a_source_is_read_as_it_is_written(String text) {
        assertThat(Source.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "192.0.2.1:1",
                "192.0.2.1:1 localhost:2",
                "192.0.2.1:1 [2001:db8::2]:2",
                "192.0.2.1:65536 192.0.2.2:2",
                "192.0.2.1:-1 192.0.2.2:2",
                "192.0.2.1: 192.0.2.2:2",
                "2001:db8::1:1 2001:db8::2:2",
                "192.0.2.1:1 192.0.2.2:2\r\nx"
            })
    void what_is_no_source_is_none(String text) {
        assertThat(Source.parse(text)).isNull();
    }
}
