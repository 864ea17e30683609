package dev.culvert.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.api.ErrorCode;
import dev.culvert.api.PublicTerms;
import dev.culvert.node.NodeListener.LinkUp;
import dev.culvert.node.NodeStatus.Traffic;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ExposeCommandTest {
    private static final String RELAY = "tls://relay.example:7443";

    @TempDir
    Path home;

    private Cli cli;

    @BeforeEach
    void start() throws Failure {
        cli = Cli.joined(home);
    }

    /** The link comes up, the services are registered, and Ctrl+C is typed. */
    private void succeed() {
        cli.node.life = listener -> {
            listener.onStep(RELAY, "tcp", "", 12_000_000);
            listener.onStep(RELAY, "tls pin", "", -1);
            listener.onLinkUp(RELAY, new LinkUp("relay1", "default", "key:abc"));
            listener.onServiceRegistered(RELAY, "web", 20022);
            listener.onReady();
            cli.interrupts.interrupt();
        };
    }

    @Test
    void shows_each_step_and_where_the_service_is_and_drains_on_ctrl_c() throws IOException {
        try (ServerSocket target = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            succeed();
            Cli.Result result = cli.run("expose", "web", Integer.toString(target.getLocalPort()), "--name", "edge7");
            assertThat(result.err()).isEmpty();
            assertThat(result.exitCode()).isZero();
            assertThat(result.out())
                    .contains("   ok tcp 12 ms   ok tls pin   ok link relay1\n")
                    .contains("ok target 127.0.0.1:" + target.getLocalPort())
                    .contains("public port 20022 at " + RELAY + " leads to web")
                    .contains("READY  web   edge7.web      Ctrl+C drains, then exits")
                    .doesNotContain("\u001b");
            assertThat(cli.node.drained).isEqualTo(Duration.ofSeconds(30));
            assertThat(cli.node.closed).isTrue();
        }
    }

    @Test
    void a_target_that_is_down_is_a_warning_since_it_may_start_later() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        succeed();
        Cli.Result result = cli.run("expose", "web", Integer.toString(port), "--name", "edge7");
        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .contains("-- target 127.0.0.1:" + port + ": nothing answers there", "callers are refused");
    }

    @Test
    void it_is_not_ready_while_its_target_is_down_or_the_way_back_is_cut() {
        for (ErrorCode why : List.of(ErrorCode.TARGET_REFUSED, ErrorCode.DEADLINE)) {
            for (String format : List.of("--name=edge7", "--json")) {
                cli.node.life = listener -> {
                    listener.onLinkUp(RELAY, new LinkUp("relay1", "default", "key:abc"));
                    listener.onServiceRegistered(RELAY, "web", 0);
                    listener.onServiceNotReached(RELAY, "web", why, "relay1: no answer");
                    cli.interrupts.interrupt();
                };
                Cli.Result result = cli.run("expose", "web", "8080", format);
                assertThat(result.out()).contains(why.name()).doesNotContain("READY  ", "\"ready\"");
            }
        }
    }

    @Test
    void several_services_are_offered_by_pairs() {
        succeed();
        cli.run("expose", "web=8080", "ssh=[::1]:22", "log=unix:/run/log.sock", ":7=9000", "--shared", "--public-port");
        assertThat(cli.node.config().services())
                .extracting(service -> service.service() + "/" + service.port() + "/" + service.target())
                .containsExactly(
                        "web/0/127.0.0.1:8080", "ssh/0/[::1]:22", "log/0/unix:/run/log.sock", "/7/127.0.0.1:9000");
        assertThat(cli.node.config().services()).allMatch(service -> service.shared() && service.publicPort() == 0);
    }

    @Test
    void a_service_is_public_under_terms_and_what_leaves_is_no_password() throws IOException {
        succeed();
        Path file = Files.writeString(home.resolve("alice"), "open sesame\n");
        cli.run(
                "expose",
                "web",
                "8080",
                "--public",
                "--allow-from=10.0.0.0/8,2001:db8::/32",
                "--basic-auth=alice:@" + file);
        PublicTerms terms = cli.node.config().services().get(0).publicTerms();
        assertThat(terms.open()).isTrue();
        assertThat(terms.networks()).containsExactly("10.0.0.0/8", "2001:db8::/32");
        assertThat(terms.passwords())
                .singleElement()
                .asString()
                .matches("alice:pbkdf2-sha256:\\d+:[\\w-]{22}:[\\w-]{43}")
                .doesNotContain("sesame");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--allow-from=10.0.0.0/8 | --public",
                "--pass-tls | --public",
                "--public --pass-tls --basic-auth=alice:@/x | without --basic-auth",
                "--public --allow-from=nowhere | network 'nowhere'",
                "--public --basic-auth=alice:secret | never stands in an argument",
                "--public --basic-auth=alice:@/nowhere/at/all | cannot be read",
                "--public --basic-auth=alice:env:WEB_PASSWORD | 'WEB_PASSWORD' is not set"
            })
    void terms_that_cannot_hold_stop_the_start_and_repeat_no_secret(String line) {
        String[] parts = line.split(" \\| ");
        List<String> arguments = new ArrayList<>(List.of("expose", "web", "8080"));
        arguments.addAll(List.of(parts[0].split(" ")));
        Cli.Result result = cli.run(arguments.toArray(String[]::new));
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains(parts[1]).doesNotContain("secret").hasLineCount(1);
    }

    @Test
    void a_public_port_by_number_belongs_to_one_service() {
        Cli.Result result = cli.run("expose", "web=8080", "ssh=22", "--public-port", "20022");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err())
                .contains("--public-port 20022", "leads to one service")
                .hasLineCount(1);
    }

    @Test
    void every_event_is_an_object_for_programs() {
        succeed();
        Cli.Result result = cli.run("expose", "web", "8080", "--name", "edge7", "--json");
        assertThat(result.out().lines())
                .allMatch(line -> line.startsWith("{\"event\":\"") && line.endsWith("}"))
                .contains("{\"event\":\"ready\",\"node\":\"edge7\",\"services\":[\"web\"]}")
                .contains("{\"event\":\"stopped\",\"reset\":0}");
    }

    @Test
    void a_name_that_belongs_to_another_is_denied_with_the_way_out() {
        cli.node.life =
                listener -> listener.onServiceRefused(RELAY, "web", ErrorCode.NAME_TAKEN, "belongs to node edge9");
        Cli.Result result = cli.run("expose", "web", "8080");
        assertThat(result.exitCode()).isEqualTo(4);
        assertThat(result.err())
                .isEqualTo(
                        "culvert: service web: NAME_TAKEN: belongs to node edge9; choose another name, or expose it with"
                                + " --shared on both machines\n");
        assertThat(cli.node.closed).isTrue();
    }

    @Test
    void a_relay_that_refuses_for_good_ends_the_command() {
        cli.node.life = listener -> listener.onLinkRefused(RELAY, ErrorCode.EXPIRED, "join string expired at noon");
        Cli.Result result = cli.run("expose", "web", "8080");
        assertThat(result.exitCode()).isEqualTo(4);
        assertThat(result.err())
                .contains(RELAY, "EXPIRED", "join string expired at noon", "culvert invite")
                .hasLineCount(1);
    }

    @Test
    void a_service_refused_after_readiness_is_told_and_the_others_stay() {
        cli.node.life = listener -> {
            listener.onReady();
            listener.onServiceRefused(RELAY, "web", ErrorCode.NAME_TAKEN, "belongs to node edge9");
            listener.onLinkUp(RELAY, new LinkUp("relay1", "default", "key:abc"));
            cli.interrupts.interrupt();
        };
        Cli.Result result = cli.run("expose", "web=8080", "ssh=22");
        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("-- service web: NAME_TAKEN: belongs to node edge9");
    }

    @Test
    void a_lost_link_is_told_with_the_time_of_the_next_attempt() {
        cli.node.life = listener -> {
            listener.onLinkRetry(RELAY, ErrorCode.LINK_LOST, "silent for 25 s", 1_500_000_000L);
            cli.interrupts.interrupt();
        };
        Cli.Result result = cli.run("expose", "web", "8080");
        assertThat(result.out()).contains("-- " + RELAY + ": LINK_LOST: silent for 25 s; next attempt in 1.5 s");
    }

    @Test
    void the_same_loss_is_told_ever_more_seldom() {
        cli.node.life = listener -> {
            for (int i = 0; i < 5; i++) {
                listener.onLinkRetry(RELAY, ErrorCode.NO_ROUTE, "tcp: refused", 1_000_000_000L);
            }
            listener.onLinkRetry(RELAY, ErrorCode.BUSY, "full", 1_000_000_000L);
            cli.interrupts.interrupt();
        };
        Cli.Result result = cli.run("expose", "web", "8080");
        assertThat(result.out().lines().filter(line -> line.contains(RELAY)))
                .containsExactly(
                        "   -- " + RELAY + ": NO_ROUTE: tcp: refused; next attempt in 1.0 s",
                        "   -- " + RELAY + ": NO_ROUTE: tcp: refused (2 times now); next attempt in 1.0 s",
                        "   -- " + RELAY + ": NO_ROUTE: tcp: refused (4 times now); next attempt in 1.0 s",
                        "   -- " + RELAY + ": BUSY: full; next attempt in 1.0 s");
    }

    @Test
    void open_streams_are_announced_before_the_drain_and_counted_after_it() {
        succeed();
        cli.node.traffic = new Traffic(3, 10, 0, 0, 0);
        cli.node.resetByDrain = 2;
        Cli.Result result = cli.run("expose", "web", "8080");
        assertThat(result.out())
                .contains("Draining 3 streams, at most 30.0 s; Ctrl+C again ends at once")
                .contains("2 streams were still open and were reset");
    }

    @Test
    void a_second_ctrl_c_ends_at_once() {
        cli.node.life = listener -> {
            cli.interrupts.interrupt();
            cli.interrupts.interrupt();
        };
        cli.run("expose", "web", "8080");
        assertThat(cli.interrupts.halts()).containsExactly(130);
    }

    @Test
    void what_the_node_cannot_do_on_this_machine_is_misuse() {
        cli.node.startFault = new IOException("port 127.0.0.1:80: not permitted; choose one above 1023");
        Cli.Result result = cli.run("expose", "web", "8080");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).isEqualTo("culvert: port 127.0.0.1:80: not permitted; choose one above 1023\n");
    }

    @Test
    void arguments_that_are_no_pairs_are_answered_with_what_is_expected() {
        for (List<String> bad : List.of(
                List.of("web"), List.of("web", "8080", "ssh"), List.of("=8080"), List.of("web", "no:such:thing"))) {
            String[] args = java.util.stream.Stream.concat(java.util.stream.Stream.of("expose"), bad.stream())
                    .toArray(String[]::new);
            Cli.Result result = cli.run(args);
            assertThat(result.exitCode()).as("%s", bad).isEqualTo(2);
            assertThat(result.err()).contains("expected").hasLineCount(1);
        }
    }

    @Test
    void a_service_with_a_node_in_its_name_is_refused() {
        Cli.Result result = cli.run("expose", "edge7.web", "8080");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("'edge7.web'", "as web", "--name").hasLineCount(1);
    }

    @Test
    void its_key_is_made_once_and_kept_for_its_owner_alone() throws IOException {
        succeed();
        cli.run("expose", "web", "8080");
        byte[] first = cli.node.config().identity().key().publicKey();
        cli.run("expose", "web", "8080");
        assertThat(cli.node.config().identity().key().publicKey()).isEqualTo(first);
        assertThat(Files.getPosixFilePermissions(home.resolve("node").resolve("identity.key")))
                .hasSize(2);
    }
}
