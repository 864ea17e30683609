package dev.culvert.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.api.ErrorCode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ForwardCommandTest {
    @TempDir
    Path home;

    private Cli cli;

    @BeforeEach
    void start() throws Failure {
        cli = Cli.joined(home);
        cli.becomesReady();
    }

    @Test
    void says_where_it_listens_and_when_it_is_ready() {
        Cli.Result result = cli.run("forward", "edge7.web", "9000");
        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .contains("ok listening on 127.0.0.1:9000", "READY  127.0.0.1:9000 leads to edge7.web      Ctrl+C");
        assertThat(cli.node.config().entries())
                .extracting(entry -> entry.listen() + " " + entry.address())
                .containsExactly("127.0.0.1:9000 edge7.web");
    }

    @Test
    void a_port_before_the_name_is_told_the_order() {
        Cli.Result result = cli.run("forward", "9000", "web");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err())
                .contains("'9000' 'web'", "the name comes first")
                .hasLineCount(1);
    }

    @Test
    void takes_pairs_ipv6_and_unix_sockets() {
        cli.run("forward", "web=[::1]:9000", "db=unix:/run/db.sock", ":7=9007");
        assertThat(cli.node.config().entries())
                .extracting(entry -> entry.listen() + " " + entry.address())
                .containsExactly("[::1]:9000 web", "unix:/run/db.sock db", "127.0.0.1:9007 :7");
    }

    @Test
    void refuses_to_let_other_machines_in_unless_told_so() {
        Cli.Result refused = cli.run("forward", "web", "0.0.0.0:9000");
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err())
                .contains("0.0.0.0:9000", "without authentication", "--insecure")
                .hasLineCount(1);
        assertThat(cli.run("forward", "web", "0.0.0.0:9000", "--insecure").exitCode())
                .isZero();
    }

    @Test
    void a_port_in_use_is_misuse() {
        cli.node.startFault = new IOException("127.0.0.1:9000: in use; choose another port");
        Cli.Result result = cli.run("forward", "web", "9000");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).isEqualTo("culvert: 127.0.0.1:9000: in use; choose another port\n");
    }

    @Test
    void all_relays_must_refuse_before_it_is_hopeless() throws Failure {
        cli.env.put("CULVERT_JOIN", cli.join() + "\n" + cli.join());
        cli.node.life = listener -> {
            listener.onLinkRefused("tls://a:1", ErrorCode.REVOKED, "revoked");
            listener.onReady();
            cli.interrupts.interrupt();
        };
        assertThat(cli.run("forward", "web", "9000").exitCode()).isZero();
        assertThat(cli.node.config().links()).hasSize(2);
    }
}
