package dev.culvert.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.link.transport.Endpoint;
import dev.culvert.policy.JoinString;
import dev.culvert.policy.Scope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RelayCommandTest {
    private static final Pattern JOIN = Pattern.compile("--join '(culvert[+a-z]*://[^']+)'");

    @TempDir
    Path home;

    private Cli cli;

    @BeforeEach
    void start() {
        cli = new Cli(home);
        cli.node.life = listener -> cli.interrupts.interrupt();
    }

    private static List<JoinString> joins(Cli.Result result) {
        Matcher matcher = JOIN.matcher(result.out());
        return matcher.results().map(found -> JoinString.parse(found.group(1))).toList();
    }

    @Test
    void says_where_links_are_taken_and_what_to_type_on_the_other_machines() {
        Cli.Result result = cli.run("relay", "--public-address", "relay.example.com", "--name", "relay1");
        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .contains("Relay ready   TLS on (self-issued, pinned by the join strings) · authentication on")
                .contains("links  0.0.0.0:7443 (tls, websocket)")
                .contains("On the machine that cannot be dialled:   culvert expose web 8080 --join 'culvert://")
                .contains("From anywhere:                           culvert forward web 9000 --join 'culvert://");
        assertThat(cli.node.drained).isNotNull();
    }

    @Test
    void opens_a_port_for_http_where_it_is_asked_to_and_says_what_a_service_is_called() {
        Cli.Result result = cli.run("relay", "--http", "127.0.0.1:0", "--http-domain", "example.com");
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).contains("http   127.0.0.1:1080   web is http://web.example.com:1080/");
        assertThat(cli.node.entered.keySet()).extracting(Object::toString).containsExactly("127.0.0.1:0");
        assertThat(cli.run("relay").out()).doesNotContain("http   ");
        assertThat(cli.run("relay", "--http", "x:y").err()).contains("x:y", "expected");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--http-domain=http://x",
                "--http-host=x",
                "--http-path=api=web",
                "--http-trust=10.0.0.0/99",
                "--http-balancer=lb.example.com",
                "--http-timeout=soon",
                "--https-pass-idle=1 minute",
                "--http-fallback=a b",
                "--http-public=a b",
                "--http-allow-from=web",
                "--http-allow-from=web=10.0.0.0/33",
                "--http-basic-auth=web=alice:secret",
                "--https=127.0.0.1:443",
                "--https-certs=/nowhere",
                "--https-client-ca=/nowhere",
                "--https-client-header",
                "--https-pass=secret.example.com=web",
                "--http-metrics=0.0.0.0:7444",
                "--https-redirect"
            })
    void an_option_for_http_that_cannot_work_stops_the_start(String option) {
        Cli.Result result = cli.run("relay", "--http", "127.0.0.1:0", option);
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("expected");
    }

    @Test
    void its_join_strings_carry_address_key_and_no_more_scope_than_their_purpose_needs() {
        List<JoinString> joins = joins(cli.run("relay", "--public-address", "relay.example.com:443"));
        assertThat(joins)
                .hasSize(2)
                .allSatisfy(join -> assertThat(join.relays())
                        .containsExactly(new JoinString.Relay(
                                "relay.example.com",
                                443,
                                cli.node.config().identity().key().publicKey())));
        Scope offer = joins.get(0).grant().scope();
        Scope call = joins.get(1).grant().scope();
        assertThat(offer.mayRegister("web")).isTrue();
        assertThat(offer.mayDial("web")).isFalse();
        assertThat(call.mayRegister("web")).isFalse();
        assertThat(call.mayDial("web")).isTrue();
        assertThat(offer.publicPorts().isEmpty()).isTrue();
        assertThat(joins.get(0).grant().joinByMillis())
                .isEqualTo(Cli.NOW.plusSeconds(24 * 3600).toEpochMilli());
    }

    @Test
    void a_wildcard_is_replaced_by_an_address_that_others_can_reach() {
        JoinString.Relay relay = joins(cli.run("relay")).get(0).relays().get(0);
        assertThat(relay.host()).isNotEqualTo("0.0.0.0");
        assertThat(relay.port()).isEqualTo(7443);
    }

    @Test
    void the_port_that_the_system_chose_stands_in_the_join_strings() {
        cli.node.listening = List.of("tls://127.0.0.1:43210");
        assertThat(joins(cli.run("relay", "--listen", "127.0.0.1:0"))
                        .get(0)
                        .relays()
                        .get(0)
                        .address())
                .isEqualTo("127.0.0.1:43210");
        assertThat(joins(cli.run("invite", "list"))).isEmpty();
        Cli.Result invite = cli.run("invite");
        assertThat(JoinString.parse(invite.out().trim()).relays().get(0).address())
                .isEqualTo("127.0.0.1:43210");
    }

    @Test
    void a_relay_with_a_port_in_clear_alone_says_so_in_its_join_strings() {
        cli.node.listening = List.of("unix:/run/culvert.sock", "tcp://127.0.0.1:43210");
        Cli.Result relay = cli.run("relay", "--listen", "tcp://127.0.0.1:0");
        assertThat(relay.out()).contains("TLS off", "links  127.0.0.1:43210 (in clear, websocket)");
        assertThat(joins(relay)).extracting(JoinString::toString).containsOnly("culvert+tcp://127.0.0.1:43210/...");
        assertThat(cli.run("invite").out()).startsWith("culvert+tcp://127.0.0.1:43210/");
        cli.node.listening = List.of("tcp://127.0.0.1:43210", "tls://127.0.0.1:7443");
        cli.run("relay");
        assertThat(cli.run("invite").out()).startsWith("culvert://127.0.0.1:7443/");
    }

    @Test
    void a_later_start_in_a_log_prints_no_secret_and_on_a_terminal_it_does() {
        cli.run("relay");
        Cli.Result log = cli.run("relay");
        assertThat(log.err()).isEmpty();
        assertThat(log.out()).doesNotContain("culvert://").contains("culvert invite");
        cli.terminal = true;
        assertThat(cli.run("relay").out()).contains("culvert://");
        assertThat(cli.run("relay", "--no-invite").out()).doesNotContain("culvert://");
    }

    @Test
    void its_identity_outlives_the_process() {
        cli.run("relay");
        byte[] first = cli.node.config().identity().key().publicKey();
        cli.run("relay");
        assertThat(cli.node.config().identity().key().publicKey()).isEqualTo(first);
    }

    @Test
    void listens_where_it_was_told_and_offers_services_itself() {
        cli.run(
                "relay",
                "--listen",
                "[::1]:7000",
                "--listen",
                "unix:/run/culvert.sock",
                "--expose",
                "db=127.0.0.1:5432");
        assertThat(java.util.Objects.requireNonNull(cli.node.config().listen()).endpoints())
                .containsExactly(new Endpoint.Tls("::1", 7000), new Endpoint.Unix(Path.of("/run/culvert.sock")));
        assertThat(cli.node.config().services()).hasSize(1);
    }

    @Test
    void links_in_clear_beyond_loopback_need_to_be_asked_for() {
        Cli.Result refused = cli.run("relay", "--listen", "tcp://0.0.0.0:7443");
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err())
                .contains("tcp://0.0.0.0:7443", "in clear", "--insecure")
                .hasLineCount(1);
        assertThat(cli.run("relay", "--listen", "tcp://127.0.0.1:7443").exitCode())
                .isZero();
        assertThat(cli.run("relay", "--listen", "tcp://0.0.0.0:7443", "--insecure")
                        .exitCode())
                .isZero();
    }

    @Test
    void a_port_in_use_is_misuse() {
        cli.node.startFault = new IOException("0.0.0.0:7443: in use; choose another with --listen");
        Cli.Result result = cli.run("relay");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).isEqualTo("culvert: 0.0.0.0:7443: in use; choose another with --listen\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--listen ws://127.0.0.1:1/culvert",
                "--listen mem:x",
                "--listen 127.0.0.1:99999",
                "--issuer abc",
                "--public-address ws://x:1",
                "--public-address wss://x:1/elsewhere",
                "--public-ports 9-1",
                "--grace long",
                "--name Évil",
                "--expose web",
                "--tokens /no/such/file"
            })
    void what_makes_no_sense_stops_the_start(String arguments) {
        Cli.Result result = cli.run(("relay " + arguments).split(" ", -1));
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).startsWith("culvert: ").hasLineCount(1);
    }

    @Test
    void another_issuer_is_trusted_by_its_printed_key() {
        Matcher key = Pattern.compile("--issuer (\\S{43})")
                .matcher(cli.run("invite", "issuer").out());
        assertThat(key.find()).isTrue();
        assertThat(cli.run("relay", "--issuer", key.group(1)).exitCode()).isZero();
    }

    @Test
    void links_to_the_relays_whose_join_strings_it_is_given_and_to_no_others() {
        cli.run("relay", "--public-address", "paris.example.com", "--no-invite");
        String join = cli.run("invite", "--router").out().trim();
        assertThat(JoinString.parse(join).grant().scope().peer()).isTrue();
        assertThat(cli.run("relay", "--name", "oslo", "--no-invite", "--join", join)
                        .exitCode())
                .isZero();
        assertThat(cli.node.config().listen()).isNotNull();
        assertThat(cli.node.config().links())
                .singleElement()
                .satisfies(link ->
                        assertThat(link.relays()).singleElement().asString().contains("paris.example.com:7443"));
        cli.env.put("CULVERT_JOIN", join);
        cli.run("relay", "--name", "oslo", "--no-invite");
        assertThat(cli.node.config().links()).isEmpty();
    }

    @Test
    void an_invitation_for_an_agent_does_not_make_a_router() {
        cli.run("relay", "--public-address", "paris.example.com", "--no-invite");
        assertThat(JoinString.parse(cli.run("invite").out().trim())
                        .grant()
                        .scope()
                        .peer())
                .isFalse();
    }
}
