package dev.culvert.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.node.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProxyCommandTest {
    @TempDir
    Path home;

    private Cli cli;

    @BeforeEach
    void start() throws Failure {
        cli = new Cli(home);
        cli.env.put("CULVERT_JOIN", cli.join());
        cli.node.life = listener -> {
            listener.onReady();
            cli.interrupts.interrupt();
        };
    }

    @Test
    void says_where_it_listens_and_how_to_use_it() {
        Cli.Result result = cli.run("proxy");
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).contains("curl -x socks5h://127.0.0.1:1080 http://NAME/", "READY");
        assertThat(cli.node.entered).containsOnlyKeys(new Target.Tcp("127.0.0.1", 1080));
    }

    @Test
    void reaches_nothing_outside_unless_told_so() {
        cli.run("proxy", "[::1]:9000");
        cli.run("proxy", "9001", "--direct", "*.example.com", "--direct", "192.0.2.*");
        assertThat(cli.node.entered.get(new Target.Tcp("::1", 9000)).connectsDirectly())
                .isFalse();
        assertThat(cli.node.entered.get(new Target.Tcp("127.0.0.1", 9001)).connectsDirectly())
                .isTrue();
    }

    @Test
    void other_machines_need_a_password() throws IOException {
        Cli.Result refused = cli.run("proxy", "0.0.0.0:1080");
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err())
                .contains("0.0.0.0:1080", "without authentication", "--password-file", "--insecure")
                .hasLineCount(1);
        Path users = home.resolve("users");
        Files.writeString(users, "anna:secret\n", StandardCharsets.UTF_8);
        assertThat(cli.run("proxy", "0.0.0.0:1080", "--password-file", users.toString())
                        .exitCode())
                .isZero();
        assertThat(cli.run("proxy", "0.0.0.0:1080", "--insecure").exitCode()).isZero();
    }

    @Test
    void what_is_not_understood_is_misuse_and_no_password_is_repeated() throws IOException {
        Path users = home.resolve("users");
        Files.writeString(users, "hunter2\n", StandardCharsets.UTF_8);
        Cli.Result result = cli.run("proxy", "--password-file", users.toString());
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err())
                .contains("line 1", "name:password")
                .doesNotContain("hunter2")
                .hasLineCount(1);
        assertThat(cli.run("proxy", "--password-file", home.resolve("none").toString())
                        .err())
                .contains("cannot be read", "name:password")
                .hasLineCount(1);
        assertThat(cli.run("proxy", "port").err())
                .contains("'port'", "expected")
                .hasLineCount(1);
        assertThat(cli.run("proxy", "--direct", "a b").err())
                .contains("'a b'", "expected")
                .hasLineCount(1);
    }
}
