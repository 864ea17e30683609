package dev.culvert.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What users get wrong, as whole commands: one line on standard error with the value, the expectation and the next command, and an exit code
 * that says whether a retry can help (0 ok, 2 usage, 3 target, 4 denied, 5 unknown name, 6 no route).
 */
@Tag("long")
@Namespaces
final class BadInputTest {
    @RegisterExtension
    static final Lab LAB = new Lab();

    private static final int USAGE = 2;
    private static final int TARGET = 3;
    private static final int DENIED = 4;
    private static final int UNKNOWN_NAME = 5;
    private static final int NO_ROUTE = 6;

    private static Deployment deployment;
    private static String join;

    @BeforeAll
    static void a_relay_with_one_service() {
        deployment = Deployment.on(LAB.relay());
        join = deployment.invite();
        LAB.agent().with("CULVERT_JOIN", join);
        LAB.caller().with("CULVERT_JOIN", join);
        LAB.agent().start("targets 1").awaitLine("targets ready");
        Proc agent = LAB.agent().start("culvert expose web=8080 down=9 --name edge7");
        agent.awaitLine("probe web");
        agent.awaitLine("probe down: TARGET_REFUSED at edge7: .*not READY until it is reached");
        assertThat(agent.printed("READY  ")).isFalse();
    }

    @Test
    void a_join_string_that_is_none() {
        assertRefused(dialWith("relay.example.com:7443"), USAGE, "culvert://", "culvert invite");
    }

    @Test
    void a_join_string_that_was_cut_when_it_was_copied() {
        assertRefused(dialWith(join.substring(0, join.length() - 7)), USAGE, "join string", "culvert invite");
    }

    @Test
    void no_join_string_at_all() {
        assertRefused(LAB.caller().run("CULVERT_JOIN= culvert dial web < /dev/null"), USAGE, "CULVERT_JOIN", "--join");
    }

    @Test
    void an_expired_join_string() {
        String expired = deployment.invite("--expires 1s");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertRefused(
                        LAB.caller().run(freshKey("CULVERT_JOIN='" + expired + "' culvert dial web < /dev/null")),
                        DENIED,
                        "EXPIRED",
                        "culvert invite"));
    }

    @Test
    void a_join_string_whose_uses_are_used_up() {
        String once = deployment.invite("--uses 1");
        String dial = "CULVERT_JOIN='" + once + "' culvert dial web < /dev/null";
        LAB.caller().run(freshKey(dial)).orFail();

        assertRefused(LAB.caller().run(freshKey(dial)), DENIED, "culvert invite");
    }

    @Test
    void a_revoked_join_string() {
        String made = LAB.relay().run("culvert invite --json").orFail().out();
        String id = made.replaceAll("(?s).*\"id\":\"([^\"]+)\".*", "$1");
        String revoked = made.replaceAll("(?s).*\"join\":\"([^\"]+)\".*", "$1");
        LAB.relay().run("culvert invite revoke " + id).orFail();

        assertRefused(
                LAB.caller().run(freshKey("CULVERT_JOIN='" + revoked + "' culvert dial web < /dev/null")),
                DENIED,
                "REVOKED",
                "culvert invite");
    }

    @Test
    void a_join_string_that_pins_another_relays_key() {
        Deployment other = Deployment.on(LAB.relay2());
        String theirs = other.invite();
        other.relay().close();
        String address = LAB.relay().address() + ":" + Deployment.LINK_PORT;
        String mixed = LAB.relay2()
                .run("culvert invite --uses 5 --public-address " + address)
                .orFail()
                .out();

        assertRefused(dialWith(Deployment.joinStringIn(mixed)), DENIED, address, "key");
        assertThat(theirs).startsWith("culvert://" + LAB.relay2().address());
    }

    @Test
    void a_relay_that_is_not_there() {
        String nowhere =
                join.replace(LAB.relay().address() + ":7443", LAB.relay().address() + ":7499");

        assertThat(dialWith(nowhere).exitCode()).isIn(USAGE, NO_ROUTE);
    }

    @Test
    void a_port_that_is_in_use() {
        assertRefused(
                LAB.relay().run("CULVERT_HOME=$PWD/second culvert relay --listen 0.0.0.0:7443"),
                USAGE,
                "7443",
                "in use",
                "another port");
        LAB.caller().start("nc -n -v -k -l -p 9400").awaitLine("Listening");
        assertRefused(LAB.caller().run("culvert forward web 9400"), USAGE, "9400");
    }

    @Test
    void a_target_that_is_down() {
        assertRefused(
                LAB.caller().run("culvert dial down < /dev/null"), TARGET, "TARGET_REFUSED", "127.0.0.1:9", "edge7");
    }

    @Test
    void a_name_that_nobody_offers() {
        assertRefused(LAB.caller().run("culvert dial wbe < /dev/null"), UNKNOWN_NAME, "wbe", "culvert status");
    }

    @Test
    void a_node_that_nobody_is() {
        assertRefused(LAB.caller().run("culvert dial edge8.web < /dev/null"), UNKNOWN_NAME, "edge8.web");
    }

    @Test
    void a_name_that_is_no_name() {
        assertRefused(LAB.caller().run("culvert dial 'We b' < /dev/null"), USAGE, "We b", "expected");
    }

    @Test
    void a_name_that_is_taken() {
        assertRefused(
                LAB.relay2().run(freshKey("CULVERT_JOIN='" + join + "' culvert expose web 8080 --name thief")),
                DENIED,
                "NAME_TAKEN",
                "web",
                "edge7");
    }

    @Test
    void a_name_outside_the_scope() {
        String narrow = deployment.invite("--uses 5 --register 'lab-*' --dial 'lab-*'");

        assertRefused(
                LAB.relay2().run(freshKey("CULVERT_JOIN='" + narrow + "' culvert expose mine 8080")), DENIED, "mine");
        assertRefused(
                LAB.relay2().run(freshKey("CULVERT_JOIN='" + narrow + "' culvert dial web < /dev/null")),
                DENIED,
                "web");
    }

    @Test
    void plain_http_to_the_link_port_is_told_what_the_port_is() {
        Shell.Result answer = LAB.caller().run("curl -sS -i http://" + linkPort() + "/");

        assertThat(answer.exitCode()).as(answer.err()).isZero();
        assertThat(answer.out()).containsIgnoringCase("culvert").containsPattern("HTTP/1.1 4\\d\\d");
    }

    @Test
    void https_to_the_link_port_is_told_what_the_port_is() {
        Shell.Result answer = LAB.caller().run("curl -sS -k -i https://" + linkPort() + "/");

        assertThat(answer.exitCode()).as(answer.err()).isZero();
        assertThat(answer.out()).containsIgnoringCase("culvert");
    }

    @Test
    void bytes_that_are_no_protocol_are_closed_and_hurt_nobody() {
        String target = LAB.relay().address() + " " + Deployment.LINK_PORT;
        LAB.caller()
                .run("head -c 200000 /dev/urandom | timeout 20 nc -n -N " + target + " | wc -c")
                .orFail();
        LAB.caller()
                .run("printf '\\000\\377\\000\\001\\000\\000\\000\\001\\000\\000\\000\\000' | timeout 20 nc -n -N "
                        + target)
                .orFail();

        assertThat(LAB.caller().run("dialer http web /nonce").orFail().out()).isEqualTo("1\n");
    }

    /** One after the other they would hold up the next for more than half an hour. */
    @Test
    void silent_connections_delay_no_other() {
        LAB.relay2()
                .start("silent %s %d 200".formatted(LAB.relay().address(), Deployment.LINK_PORT))
                .awaitLine("holding 200");

        assertThat(LAB.caller().run("dialer http web /nonce").orFail().out()).isEqualTo("1\n");
    }

    @Test
    void a_link_without_tls_is_refused() {
        String hello = "printf '\\000\\001\\000\\001\\000\\000\\000\\001\\000\\000\\000\\000'";
        String target = LAB.relay().address() + " " + Deployment.LINK_PORT;

        LAB.caller().run(hello + " | timeout 20 nc -n -N " + target).orFail();

        deployment.relay().awaitLine("(?i)tls");
    }

    @Test
    void an_unknown_option_and_no_command() {
        assertThat(LAB.caller().run("culvert dial web --colour").exitCode()).isEqualTo(USAGE);
        assertThat(LAB.caller().run("culvert frobnicate").exitCode()).isEqualTo(USAGE);
        assertThat(LAB.caller().run("culvert --help").exitCode()).isZero();
        assertThat(LAB.caller().run("culvert --version").orFail().out()).startsWith("culvert ");
    }

    private static String linkPort() {
        return LAB.relay().address() + ":" + Deployment.LINK_PORT;
    }

    private static Shell.Result dialWith(String joinString) {
        return LAB.caller().run("CULVERT_JOIN='" + joinString + "' culvert dial web < /dev/null");
    }

    /** The same command as a machine that was never here: with a state directory of its own. */
    private static String freshKey(String command) {
        return "CULVERT_HOME=$(mktemp -d) " + command;
    }

    private static void assertRefused(Shell.Result result, int exitCode, String... words) {
        assertThat(result.err().strip()).contains(words).doesNotContain("\tat ", "Exception");
        assertThat(result.err().strip().lines()).as("one line").hasSize(1);
        assertThat(result.exitCode()).as(result.err()).isEqualTo(exitCode);
    }
}
