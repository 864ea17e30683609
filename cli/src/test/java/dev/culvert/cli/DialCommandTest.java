package dev.culvert.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.api.Address;
import dev.culvert.api.DialException;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.LinkException;
import dev.culvert.api.StreamResetException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DialCommandTest {
    @TempDir
    Path home;

    private Cli cli;

    @BeforeEach
    void start() throws Failure {
        cli = Cli.joined(home);
    }

    private static InputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void joins_both_directions_and_finishes_at_the_end_of_input() {
        FakeStream stream = new FakeStream(bytes("220 hello\n"));
        cli.node.stream = stream;
        cli.type("QUIT\n");
        Cli.Result result = cli.run("dial", "edge7.smtp");
        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).isEqualTo("220 hello\n");
        assertThat(result.err()).isEmpty();
        assertThat(stream.sent.toString(StandardCharsets.UTF_8)).isEqualTo("QUIT\n");
        assertThat(stream.finished.getCount()).isZero();
        assertThat(stream.closed).isTrue();
        assertThat(cli.node.dialled).containsExactly(Address.at("edge7", "smtp"));
        assertThat(cli.node.closed).isTrue();
    }

    @Test
    void input_is_sent_to_its_end_though_the_service_has_finished() {
        FakeStream stream = new FakeStream(bytes(""));
        cli.node.stream = stream;
        cli.type("x".repeat(1 << 20));
        assertThat(cli.run("dial", "sink").exitCode()).isZero();
        assertThat(stream.sent.size()).isEqualTo(1 << 20);
    }

    @Test
    void binary_output_is_not_touched() {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        cli.node.stream = new FakeStream(new ByteArrayInputStream(all));
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        new CommandTree(cli.surroundings(out, new java.io.ByteArrayOutputStream())).run("dial", "blob");
        assertThat(out.toByteArray()).isEqualTo(all);
    }

    @ParameterizedTest
    @CsvSource({
        "UNKNOWN_SERVICE, 5",
        "TARGET_REFUSED, 3",
        "TARGET_LOST, 3",
        "DENIED, 4",
        "NO_ROUTE, 6",
        "DEADLINE, 6",
        "BUSY, 6",
        "DRAINING, 6",
        "LINK_LOST, 6",
        "LOOP, 1",
        "INTERNAL, 1"
    })
    void a_refused_dial_says_hop_and_next_step_and_whether_a_retry_helps(ErrorCode code, int exitCode) {
        cli.node.dialFault = new DialException(code, "relay1", "for this reason", "", true);
        Cli.Result result = cli.run("dial", "web");
        assertThat(result.exitCode()).isEqualTo(exitCode);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .startsWith("culvert: dial web: " + code + " at relay1: for this reason; ")
                .hasLineCount(1);
    }

    @Test
    void a_wait_for_a_link_is_told_once() {
        cli.node.stream = new FakeStream(bytes("late\n"));
        cli.node.life = listener -> {
            listener.onLinkRetry("tls://r:1", ErrorCode.NO_ROUTE, "tls://r:1: tcp: refused", 1);
            listener.onLinkRetry("tls://r:1", ErrorCode.NO_ROUTE, "tls://r:1: tcp: refused", 1);
        };
        cli.terminal = true;
        Cli.Result result = cli.run("dial", "web", "--timeout", "9s");
        assertThat(result.out()).isEqualTo("late\n");
        assertThat(result.err())
                .isEqualTo("culvert: no link to tls://r:1 yet: NO_ROUTE: tcp: refused; trying for 9s\n");
        cli.terminal = false;
        cli.node.stream = new FakeStream(bytes(""));
        assertThat(cli.run("dial", "web").err()).isEmpty();
    }

    @Test
    void no_link_in_time_is_no_route() {
        cli.node.linkFault = new LinkException(ErrorCode.NO_ROUTE, "", "relay.example:7443: connection refused", "");
        Cli.Result result = cli.run("dial", "web", "--timeout", "1s");
        assertThat(result.exitCode()).isEqualTo(6);
        assertThat(result.err())
                .contains("relay.example:7443: connection refused")
                .hasLineCount(1);
        assertThat(cli.node.closed).isTrue();
    }

    @Test
    void a_stream_lost_on_the_way_is_no_success() {
        cli.node.stream = new FakeStream(new InputStream() {
            @Override
            public int read() throws IOException {
                return read(new byte[1], 0, 1);
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                throw new StreamResetException(ErrorCode.LINK_LOST.number(), "the link is gone");
            }
        });
        Cli.Result result = cli.run("dial", "web");
        assertThat(result.exitCode()).isEqualTo(6);
        assertThat(result.err()).contains("LINK_LOST", "the link is gone").hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource({"a..b, address", "'', address", "UPPER, address", "web, 0s", "web, soon"})
    void what_makes_no_sense_is_misuse(String name, String timeout) {
        Cli.Result result =
                timeout.equals("address") ? cli.run("dial", name) : cli.run("dial", name, "--timeout", timeout);
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).startsWith("culvert: ").contains("expected").hasLineCount(1);
    }
}
