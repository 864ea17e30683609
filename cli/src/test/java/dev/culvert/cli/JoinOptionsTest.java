package dev.culvert.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JoinOptionsTest {
    @TempDir
    Path home;

    private Cli cli;
    private String join = "";

    @BeforeEach
    void start() throws Failure {
        cli = new Cli(home);
        join = cli.join();
        cli.node.life = listener -> cli.interrupts.interrupt();
    }

    private void expectLink(Cli.Result result) {
        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
        assertThat(cli.node.config().links()).hasSize(1);
    }

    @Test
    void quotes_that_the_shell_left_on_it_do_no_harm() throws Failure {
        String join = cli.join();
        assertThat(JoinOptions.parse("'" + join + "'").relays())
                .isEqualTo(JoinOptions.parse(join).relays());
    }

    @Test
    void comes_as_an_argument() {
        expectLink(cli.run("expose", "web", "8080", "--join", join));
    }

    @Test
    void comes_from_the_environment() {
        cli.env.put("CULVERT_JOIN", join);
        expectLink(cli.run("expose", "web", "8080"));
    }

    @Test
    void comes_from_a_file() throws IOException {
        Path file = Files.writeString(home.resolve("join"), join + "\n", StandardCharsets.UTF_8);
        expectLink(cli.run("expose", "web", "8080", "--join-file", file.toString()));
    }

    @Test
    void comes_from_standard_input() {
        cli.type(join + "\n");
        expectLink(cli.run("expose", "web", "8080", "--join", "-"));
    }

    @Test
    void an_argument_wins_over_the_environment() {
        cli.env.put("CULVERT_JOIN", "nonsense");
        expectLink(cli.run("expose", "web", "8080", "--join", join));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "culvert://", "https://relay.example", "culvert://relay.example:7443/abc/def"})
    void what_is_no_join_string_is_misuse_in_one_line(String text) {
        Cli.Result result = cli.run("expose", "web", "8080", "--join", text);
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).startsWith("culvert: ").contains("join string").hasLineCount(1);
    }

    @Test
    void a_damaged_one_is_noticed_here_and_its_secret_is_not_printed() {
        String damaged = join.substring(0, join.length() - 9) + "AAAA" + join.substring(join.length() - 5);
        Cli.Result result = cli.run("dial", "web", "--join", damaged);
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err())
                .doesNotContain(damaged.substring(damaged.length() - 30))
                .hasLineCount(1);
    }

    @Test
    void a_missing_file_is_misuse() {
        Cli.Result result =
                cli.run("dial", "web", "--join-file", home.resolve("none").toString());
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("none", "cannot be read").hasLineCount(1);
    }
}
