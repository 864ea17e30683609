package dev.culvert.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CommandTreeTest {
    @TempDir
    Path home;

    private Cli cli;

    @BeforeEach
    void start() {
        cli = new Cli(home);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "demo",
                "relay",
                "invite",
                "invite list",
                "invite revoke",
                "invite issuer",
                "expose",
                "forward",
                "proxy",
                "dial",
                "agent",
                "status"
            })
    void every_command_explains_itself_and_tells_its_version(String command) {
        Cli.Result help = cli.run((command + " --help").trim().split(" ", -1));
        assertThat(help.exitCode()).isZero();
        assertThat(help.out()).contains("Usage: culvert" + (command.isEmpty() ? "" : " " + command));
        assertThat(help.err()).isEmpty();

        Cli.Result version = cli.run((command + " --version").trim().split(" ", -1));
        assertThat(version.exitCode()).isZero();
        assertThat(version.out()).startsWith("culvert ").contains("Java").doesNotContain("unknown");
    }

    @Test
    void no_command_is_misuse_and_shows_the_commands() {
        Cli.Result result = cli.run();
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("Commands:", "culvert demo");
        assertThat(result.out()).isEmpty();
    }

    @Test
    void a_misspelt_command_is_answered_with_the_nearest() {
        Cli.Result result = cli.run("expsoe", "web", "8080");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err())
                .startsWith("culvert: ")
                .contains("'expsoe'", "did you mean expose", "see: culvert --help")
                .hasLineCount(1);
    }

    @Test
    void a_missing_argument_is_one_line_with_the_next_command() {
        Cli.Result result = cli.run("dial");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("NAME", "see: culvert dial --help").hasLineCount(1);
    }

    @Test
    void an_error_is_json_where_json_was_asked_for() {
        Cli.Result result = cli.run("expose", "web", "8080", "--json");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err())
                .startsWith("{\"event\":\"error\",\"code\":\"USAGE\",\"exitCode\":2,\"message\":\"no join string")
                .hasLineCount(1);
    }

    @Test
    void a_join_string_in_a_wrong_place_is_not_repeated_in_the_error() throws Failure {
        String join = cli.join();
        Cli.Result result = cli.run("status", join);
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("culvert://relay.example:7443/...").doesNotContain(join);
    }
}
