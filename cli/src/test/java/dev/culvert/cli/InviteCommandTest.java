package dev.culvert.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.policy.Grant;
import dev.culvert.policy.JoinString;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class InviteCommandTest {
    @TempDir
    Path home;

    private Cli cli;

    @BeforeEach
    void start() {
        cli = new Cli(home);
    }

    private Grant made(String... options) {
        String[] args = new String[options.length + 3];
        args[0] = "invite";
        args[1] = "--public-address";
        args[2] = "relay.example";
        System.arraycopy(options, 0, args, 3, options.length);
        Cli.Result result = cli.run(args);
        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
        return JoinString.parse(result.out().trim()).grant();
    }

    @Test
    void by_default_one_machine_may_do_everything_if_it_joins_within_a_day() {
        Grant grant = made();
        assertThat(grant.scope().mayRegister("web")).isTrue();
        assertThat(grant.scope().mayDial("web")).isTrue();
        assertThat(grant.scope().publicPorts().isEmpty()).isTrue();
        assertThat(grant.maxUses()).isEqualTo(1);
        assertThat(grant.joinByMillis())
                .isEqualTo(Cli.NOW.plusSeconds(24 * 3600).toEpochMilli());
        assertThat(grant.accessEndsMillis()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void options_narrow_it() {
        Grant grant = made(
                "--register",
                "web,api-*",
                "--public-ports",
                "20000-20010",
                "--namespace",
                "blue",
                "--uses",
                "5",
                "--expires",
                "1h",
                "--grant",
                "8h",
                "--note",
                "for the lab");
        assertThat(grant.scope().namespace()).isEqualTo("blue");
        assertThat(grant.scope().mayRegister("api-7")).isTrue();
        assertThat(grant.scope().mayRegister("db")).isFalse();
        assertThat(grant.scope().mayDial("web")).isFalse();
        assertThat(grant.scope().mayOpen(20010)).isTrue();
        assertThat(grant.maxUses()).isEqualTo(5);
        assertThat(grant.joinByMillis()).isEqualTo(Cli.NOW.plusSeconds(3600).toEpochMilli());
        assertThat(grant.accessEndsMillis())
                .isEqualTo(Cli.NOW.plusSeconds(8 * 3600).toEpochMilli());
    }

    @Test
    void public_addresses_are_printed_into_it() {
        Cli.Result result =
                cli.run("invite", "--public-address", "a.example", "--public-address", "[2001:db8::1]:8443");
        assertThat(JoinString.parse(result.out().trim()).relays())
                .extracting(JoinString.Relay::address)
                .containsExactly("a.example:7443", "[2001:db8::1]:8443");
    }

    @Test
    void an_address_may_say_how_it_is_linked_to_and_all_say_the_same() {
        Cli.Result web =
                cli.run("invite", "--public-address", "wss://a.example", "--public-address", "wss://b.example:8443");
        assertThat(web.out()).startsWith("culvert+wss://a.example:443,b.example:8443/");
        Cli.Result clear = cli.run("invite", "--public-address", "tcp://10.0.0.1");
        assertThat(clear.out()).startsWith("culvert+tcp://10.0.0.1:7443/");
        Cli.Result both = cli.run("invite", "--public-address", "a.example", "--public-address", "tcp://a.example");
        assertThat(both.exitCode()).isEqualTo(2);
        assertThat(both.err())
                .contains("a.example:7443", "tcp://a.example:7443", "one transport")
                .hasLineCount(1);
    }

    @Test
    void relays_that_take_it_too_stand_beside_this_one() {
        String key = "A".repeat(43);
        Cli.Result result = cli.run("invite", "--public-address", "a.example", "--relay", "b.example:8443=" + key);
        assertThat(JoinString.parse(result.out().trim()).relays())
                .extracting(JoinString.Relay::address)
                .containsExactly("a.example:7443", "b.example:8443");
        Cli.Result bad = cli.run("invite", "--public-address", "a.example", "--relay", "b.example:8443");
        assertThat(bad.exitCode()).isEqualTo(2);
        assertThat(bad.err())
                .contains("b.example:8443", "HOST:PORT=KEY", "culvert invite issuer")
                .hasLineCount(1);
    }

    @Test
    void without_an_address_it_is_refused_and_not_guessed() {
        Cli.Result result = cli.run("invite");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err())
                .contains("--public-address", "culvert relay", "HOST:7443")
                .hasLineCount(1);
    }

    @Test
    void the_list_shows_all_but_the_secret_and_a_revoked_one_stays_in_it() {
        String join = cli.run("invite", "--public-address", "a.example", "--register", "web", "--note", "lab")
                .out()
                .trim();
        String id = JoinString.parse(join).inviteId();
        assertThat(cli.run("invite", "list").out())
                .contains(id, "open", "0 of 1", "24 h", "register web, dial nothing", "lab")
                .doesNotContain(JoinString.parse(join).token());
        Cli.Result revoked = cli.run("invite", "revoke", id.substring(0, 6));
        assertThat(revoked.exitCode()).isZero();
        assertThat(revoked.out()).contains("Revoked", "0 nodes lose access");
        assertThat(cli.run("invite", "list").out()).contains("revoked");
        assertThat(cli.run("invite", "list", "--json").out())
                .startsWith("{\"event\":\"invite\",\"id\":\"" + id + "\",\"state\":\"revoked\"");
    }

    @Test
    void an_empty_list_says_how_to_begin() {
        assertThat(cli.run("invite", "list").out()).contains("No invites", "culvert invite");
    }

    @Test
    void an_unknown_id_is_misuse() {
        Cli.Result result = cli.run("invite", "revoke", "beef");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("'beef'", "culvert invite list").hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--expires soon",
                "--uses 0",
                "--uses many",
                "--namespace UPPER",
                "--public-ports 70000",
                "--register a,,b",
                "--public-address 'a b'"
            })
    void what_makes_no_sense_is_answered_with_what_is_expected(String options) {
        Cli.Result result = cli.run(("invite " + options).split(" ", 3));
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).startsWith("culvert: ").hasLineCount(1);
    }
}
