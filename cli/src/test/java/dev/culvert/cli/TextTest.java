package dev.culvert.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.culvert.api.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TextTest {
    @ParameterizedTest
    @CsvSource({
        "0,0 B",
        "999,999 B",
        "1000,1.0 kB",
        "1234567,1.2 MB",
        "99900000,99.9 MB",
        "123456789,123 MB",
        "999600,1.0 MB"
    })
    void sizes_are_read_at_a_glance(long count, String text) {
        assertThat(Units.bytes(count)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"300us,0.3 ms", "12ms,12 ms", "1500ms,1.5 s", "300s,5 m", "7200s,2 h", "172800s,2 d"})
    void times_are_read_at_a_glance(String given, String text) {
        Duration duration = given.endsWith("us")
                ? Duration.ofNanos(1000 * Long.parseLong(given.substring(0, given.length() - 2)))
                : Units.duration(given);
        assertThat(Units.time(duration)).isEqualTo(given.equals("7200s") ? "2 h" : text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "-5s", "5 s", "5y", "99999999999s"})
    void what_is_no_duration_is_refused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Units.duration(text))
                .withMessageContaining("expected");
    }

    @Test
    void json_is_one_line_of_ascii() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("text", "a\"b\\c\n\u00b7\u007f");
        map.put("list", List.of(1, true, "x"));
        assertThat(Json.of(map)).isEqualTo("{\"text\":\"a\\\"b\\\\c\\u000a\\u00b7\\u007f\",\"list\":[1,true,\"x\"]}");
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void every_error_code_has_an_exit_code_and_a_next_step(ErrorCode code) {
        assertThat(ExitCode.of(code).number()).isBetween(0, 6);
        assertThat(Failure.nextStep(code)).isNotEmpty();
        boolean saysRetry = ExitCode.of(code) == ExitCode.NO_ROUTE;
        assertThat(code.retryHelps() || !saysRetry)
                .as("exit code 6 promises that a retry can help")
                .isTrue();
    }

    @Test
    void a_failure_is_one_line_whatever_it_was_told() {
        assertThat(Failure.usage("a\nb").line()).isEqualTo("a b");
    }

    @ParameterizedTest
    @CsvSource({"EDGE7.example.com,edge7", "my_host,my-host", "-x-,x", "'',node", "_,node"})
    void a_host_s_name_makes_a_node_s_name(String host, String node) {
        assertThat(NameOption.nodeName(host)).isEqualTo(node);
    }

    @Test
    void a_long_host_s_name_is_cut() {
        assertThat(NameOption.nodeName("a".repeat(80))).hasSize(63);
        assertThat(NameOption.nodeName("a".repeat(62) + "-bcd")).isEqualTo("a".repeat(62));
    }

    @ParameterizedTest
    @CsvSource({"servces,services", "forwards,forward", "joinfile,join-file", "nam,name"})
    void the_nearest_key_is_the_one_meant(String typed, String meant) {
        assertThat(ConfigFile.nearest(
                        typed, Arrays.asList("forward", "join", "join-file", "name", "namespace", "services")))
                .isEqualTo(meant);
    }

    @Test
    void a_terminal_keeps_one_living_line_at_the_bottom() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Screen screen = new Screen(new PrintStream(out, false, StandardCharsets.UTF_8), Screen.Form.TERMINAL);
        screen.live("0 open");
        screen.live("1 open");
        screen.say(Event.of("x", "said"));
        screen.settle();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("0 open\r\u001b[K1 open\r\u001b[Ksaid\n1 open\n");
    }

    @Test
    void elsewhere_there_is_no_living_line_and_no_escape() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Screen screen = new Screen(new PrintStream(out, false, StandardCharsets.UTF_8), Screen.Form.PLAIN);
        screen.live("0 open");
        screen.say(Event.of("x", screen.ok() + " " + screen.strong("READY")));
        screen.say(Event.of("y", "").with("silent", true));
        screen.settle();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("ok READY\n");
    }
}
