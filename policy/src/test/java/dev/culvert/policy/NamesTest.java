package dev.culvert.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"a", "edge7", "a-b", "0", "a12345678-b12345678-c12345678-d12345678-e12345678-f12345678-abc"})
    void takes_node_names(String name) {
        assertThat(Names.nodeFault(name)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-a",
                "a-",
                "A",
                "a.b",
                "a_b",
                "ä",
                "a b",
                "localhost",
                "xn--a",
                "a\n",
                "$a",
                "a12345678-b12345678-c12345678-d12345678-e12345678-f12345678-abcd"
            })
    void refuses_other_node_names_in_one_printable_line(String name) {
        assertThat(Names.nodeFault(name)).isNotNull().contains("expected").doesNotContain("\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "web",
                "api.v1",
                "a_b",
                "account.set",
                "client1:readBalance",
                "Web",
                "Grüße",
                "日本語サービス",
                "счёт",
                "two words",
                "a/b",
                "x@y",
                "한국어 서비스"
            })
    void takes_service_names_of_any_one_script(String name) {
        assertThat(Names.serviceFault(name)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "$watch",
                "$",
                ":80",
                " web",
                "web ",
                "a\nb",
                "a\u0000b",
                "we\u200bb",
                "\u202egnp",
                "web\u00ad",
                "a\u2028b",
                "\uff57\uff45\uff42",
                "p\u0430y",
                "\u03bbx",
                "\u0430\u0440\u0440\u04cf\u0435",
                "\u039f\u039a",
                "e\u0301",
                "\ud800",
                "a\u00a0b",
                "\u3164",
                "\ue000"
            })
    void refuses_reserved_invisible_and_confusable_service_names(String name) {
        assertThat(Names.serviceFault(name)).isNotNull().contains("expected").doesNotContain("\n");
    }

    @Test
    void counts_the_bytes_of_service_names() {
        assertThat(Names.serviceFault("é".repeat(127))).isNull();
        assertThat(Names.serviceFault("é".repeat(128))).contains("256 bytes");
        assertThat(Names.serviceFault("a".repeat(255))).isNull();
        assertThat(Names.serviceFault("a".repeat(256))).contains("256 bytes");
    }

    @Test
    void knows_which_names_text_can_address() {
        assertThat(Names.isAddressable("api.v1_x")).isTrue();
        assertThat(Names.isAddressable("a".repeat(128))).isTrue();
        assertThat(Names.isAddressable("a".repeat(129))).isFalse();
        assertThat(Names.isAddressable("Web")).isFalse();
        assertThat(Names.isAddressable(".web")).isFalse();
        assertThat(Names.isAddressable("web-")).isFalse();
        assertThat(Names.isAddressable("w")).isTrue();
        assertThat(Names.isAddressable("")).isFalse();
        assertThat(Names.isAddressable("we b")).isFalse();
        assertThat(Names.isAddressable("w/b")).isFalse();
    }

    @Test
    void names_from_elsewhere_are_cut_and_cleaned_for_printing() {
        assertThat(Names.printable("a\u001b[31mb\u202ec")).isEqualTo("a?[31mb?c");
        assertThat(Names.printable("x".repeat(1000))).hasSize(67).endsWith("...");
    }

    @ParameterizedTest
    @CsvSource({
        "web,web,true",
        "web,web2,false",
        "web,aweb,false",
        "web,Web,false",
        "*,anything.at-all,true",
        "*,'',true",
        "team-*,team-a,true",
        "team-*,team-,true",
        "team-*,team,false",
        "team-*,xteam-a,false",
        "*-api,x-api,true",
        "*-api,x-api2,false",
        "a*b*c,aXbYc,true",
        "a*b*c,abc,true",
        "a*b*c,acb,false",
        "a.b,axb,false",
        "a*,a.b.c,true",
        "**,x,true",
        "web?,web1,false",
        "[a-z],b,false"
    })
    void patterns_match_whole_names_and_nothing_but_the_star_is_special(String pattern, String name, boolean matches) {
        assertThat(NamePatterns.parse(pattern).matches(name)).isEqualTo(matches);
    }

    @Test
    void a_hostile_pattern_and_name_take_no_long_time() {
        NamePatterns stars = NamePatterns.parse("*a".repeat(100) + "b");
        assertThat(stars.matches("a".repeat(20_000))).isFalse();
    }

    @Test
    void pattern_sets_are_read_and_printed() {
        NamePatterns two = NamePatterns.parse(" web , api-* ");
        assertThat(two.toString()).isEqualTo("web,api-*");
        assertThat(two.matches("api-1")).isTrue();
        assertThat(NamePatterns.parse("")).isEqualTo(NamePatterns.NONE);
        assertThat(NamePatterns.NONE.matches("web")).isFalse();
        assertThatThrownBy(() -> NamePatterns.parse("a,,b")).hasMessageContaining("name pattern ''");
        assertThatThrownBy(() -> NamePatterns.parse("a b")).hasMessageContaining("'a b'");
    }

    @Test
    void a_scope_denies_by_default_and_reserved_names_always() {
        Scope scope = new Scope(
                "default", NamePatterns.parse("web"), NamePatterns.ALL, PortRange.parse("20000-20001"), false);
        assertThat(scope.mayRegister("web")).isTrue();
        assertThat(scope.mayRegister("ssh")).isFalse();
        assertThat(scope.mayDial("ssh")).isTrue();
        assertThat(scope.mayDial("$status")).isFalse();
        assertThat(scope.mayDial("we\u200bb")).isFalse();
        assertThat(scope.mayRegisterPort(80)).isFalse();
        assertThat(scope.mayDialPort(80)).isTrue();
        assertThat(scope.mayDialPort(0)).isFalse();
        assertThat(scope.mayOpen(20001)).isTrue();
        assertThat(scope.mayOpen(20002)).isFalse();
        Scope ports = new Scope("default", NamePatterns.parse(":80"), NamePatterns.NONE, PortRange.NONE, false);
        assertThat(ports.mayRegisterPort(80)).isTrue();
        assertThat(ports.mayRegister(":80"))
                .as("a service cannot pass for a port")
                .isFalse();
        assertThat(ports.mayDial("web")).isFalse();
        assertThat(ports.mayOpen(1)).isFalse();
        assertThat(scope.toString()).isEqualTo("namespace default, register web, dial *, public ports 20000-20001");
        assertThatThrownBy(() -> new Scope("Upper", NamePatterns.ALL, NamePatterns.ALL, PortRange.NONE, false))
                .hasMessageContaining("'Upper'");
    }

    @Test
    void port_ranges_are_read_and_checked() {
        assertThat(PortRange.parse("80")).isEqualTo(new PortRange(80, 80));
        assertThat(PortRange.parse("none").isEmpty()).isTrue();
        assertThat(PortRange.parse("80").isEmpty()).isFalse();
        assertThat(PortRange.parse("1-65535")).isEqualTo(new PortRange(1, 65_535));
        assertThat(PortRange.parse("20-22").contains(19)).isFalse();
        assertThat(PortRange.parse("20-22").contains(20)).isTrue();
        assertThat(PortRange.parse("20-22").contains(22)).isTrue();
        assertThat(PortRange.parse("20-22").contains(23)).isFalse();
        assertThatThrownBy(() -> new PortRange(0, 0)).hasMessageContaining("0-0");
        assertThatThrownBy(() -> new PortRange(2, 0)).hasMessageContaining("2-0");
        assertThatThrownBy(() -> PortRange.parse("5-4")).hasMessageContaining("5-4");
        assertThatThrownBy(() -> PortRange.parse("1-65536")).hasMessageContaining("1-65536");
        assertThatThrownBy(() -> PortRange.parse("a-b")).hasMessageContaining("'a-b'");
    }
}
