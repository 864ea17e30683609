package dev.culvert.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressTest {
    @ParameterizedTest
    @CsvSource({
        "web,           '',    web,     0,          ''",
        "edge7.web,     edge7, web,     0,          ''",
        "edge7.a.b,     edge7, a.b,     0,          ''",
        ".a.b,          '',    a.b,     0,          ''",
        "edge7:80,      edge7, '',      80,         ''",
        ":80,           '',    '',      80,         ''",
        ":4294967295,   '',    '',      -1,         ''",
        "web@prod,      '',    web,     0,          prod",
        "edge7.web@p-1, edge7, web,     0,          p-1",
        "edge7:80@prod, edge7, '',      80,         prod",
        "edge7.$status, edge7, $status, 0,          ''",
        "a_b,           '',    a_b,     0,          ''"
    })
    void text_is_read_and_printed_alike(String text, String node, String service, int port, String namespace) {
        Address address = Address.parse(text);

        assertThat(address).isEqualTo(new Address(node, service, port, namespace));
        assertThat(address).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "a.",
                "..",
                "A",
                "a b",
                "-a.web",
                "a-.web",
                ":",
                ":0",
                ":-1",
                ":x",
                "a:4294967296",
                "web@",
                "web@A",
                "@prod",
                "a_b.web",
                "w\u0435b",
                "web\n",
                "edge7.web:80"
            })
    void other_text_is_refused_with_the_value_and_the_expectation(String text) {
        assertThatThrownBy(() -> Address.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "'")
                .hasMessageContaining("expected: service, node.service");
    }

    @Test
    void a_literal_name_is_taken_as_it_is() {
        assertThat(Address.service("client1:readBalance").service()).isEqualTo("client1:readBalance");
        assertThat(Address.at("edge7", "a.b").node()).isEqualTo("edge7");
    }

    @Test
    void names_beyond_the_limits_are_refused() {
        assertThatThrownBy(() -> Address.service("x".repeat(256))).hasMessageContaining("255");
        assertThatThrownBy(() -> Address.service("a\u0000b")).hasMessageContaining("control");
        assertThatThrownBy(() -> Address.parse("x".repeat(129))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Address.parse("n".repeat(64) + ".web")).isInstanceOf(IllegalArgumentException.class);
        assertThat(Address.parse("n".repeat(63) + "." + "s".repeat(128)).service())
                .hasSize(128);
    }
}
