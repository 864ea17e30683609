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
                "register",
                "unregister",
                "services",
                "routes",
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
    void help_is_a_command_too_for_those_who_type_it() {
        assertThat(cli.run("help", "expose").out()).startsWith("Usage: culvert expose");
        assertThat(cli.run("help").out()).startsWith("Usage: culvert").doesNotContain("  help ");
    }

    @Test
    void no_line_of_help_breaks_an_example_or_a_sentence() {
        for (String command : new String[] {"", "demo", "dial", "expose", "forward", "proxy", "relay", "invite"}) {
            String help = cli.run((command + " --help").trim().split(" ", -1)).out();
            assertThat(help.lines()).as(command).allMatch(line -> line.length() <= 100);
            assertThat(help).as(command).doesNotContain("culvert:\n", "loopback;\n", "stream,\n", "host:\n", "unix:\n");
        }
    }

    @Test
    void what_does_not_belong_is_called_what_it_is() {
        assertThat(cli.run("frobnicate").err()).contains("unknown command 'frobnicate'");
        assertThat(cli.run("invite", "lsit").err()).contains("unknown command 'lsit'");
        assertThat(cli.run("demo", "extra").err()).contains("unexpected argument 'extra'");
        assertThat(cli.run("relay", "--lisen", "1").err())
                .contains("unknown option '--lisen'", "did you mean --listen");
        assertThat(cli.run("forward").err()).contains("NAME=PORT is missing");
    }

    @Test
    void the_home_directory_is_the_one_that_the_shell_means() {
        cli.env.clear();
        cli.env.put("HOME", home.resolve("me").toString());
        assertThat(cli.run("status").err())
                .contains(home.resolve("me").resolve(".culvert").toString());
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
