package dev.culvert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a user does in the first hour: a machine that refuses every inbound connection is reached by name, from another network. */
@Namespaces
final class WalkthroughTest {
    @RegisterExtension
    static final Lab LAB = new Lab();

    private static final String NONCE = UUID.randomUUID().toString();
    private static final int BANNERS = Integer.getInteger("culvert.it.banners", 1_000);
    private static final long BULK = 100L << 20;
    private static final Duration BULK_TIME = Duration.ofMinutes(2);

    private static Deployment deployment;

    @BeforeAll
    static void expose_the_services_of_the_hidden_machine() {
        deployment = Deployment.on(LAB.relay());
        LAB.agent().with("CULVERT_JOIN", deployment.invite());
        LAB.caller().with("CULVERT_JOIN", deployment.invite());
        LAB.agent().start("targets " + NONCE).awaitLine("targets ready");
        Deployment.expose(LAB.agent(), "web=8080 mail=2525 echo=7007 digest=7008 random=7009 --name edge7");
    }

    @Test
    void curl_through_a_forwarded_port_reaches_the_hidden_http_server() {
        Deployment.forward(LAB.caller(), "web 9000");

        Shell.Result nonce =
                LAB.caller().run("curl -sS http://127.0.0.1:9000/nonce").orFail();

        assertThat(nonce.out()).isEqualTo(NONCE);
    }

    @Test
    void a_java_program_dials_by_service_and_by_node() {
        for (String address : List.of("web", "edge7.web")) {
            assertThat(LAB.caller()
                            .run("dialer http " + address + " /nonce")
                            .orFail()
                            .out())
                    .isEqualTo(NONCE + "\n");
        }
    }

    @Test
    void a_server_that_speaks_first_never_loses_its_first_bytes() {
        assertThat(LAB.caller()
                        .run("dialer banners mail " + BANNERS, BULK_TIME)
                        .orFail()
                        .out())
                .isEqualTo(BANNERS + " banners\n");
    }

    @Test
    void a_banner_comes_through_a_forwarded_port_too() {
        Deployment.forward(LAB.caller(), "mail 9025");

        String fifty = "for i in $(seq 50); do nc -n -N 127.0.0.1 9025 < /dev/null; done";

        assertThat(LAB.caller().run(fifty).orFail().out().lines())
                .hasSize(50)
                .allMatch(line -> line.strip().equals(TargetProgram.BANNER));
    }

    @Test
    void a_hundred_megabytes_go_up_and_the_digest_comes_back_after_the_half_close() {
        LAB.caller().run("head -c " + BULK + " /dev/urandom > up").orFail();
        String sum = LAB.caller().run("sha256sum < up").orFail().out().substring(0, 64);

        assertThat(LAB.caller()
                        .run("culvert dial digest < up", BULK_TIME)
                        .orFail()
                        .out()
                        .strip())
                .isEqualTo(sum);
    }

    @Test
    void a_hundred_megabytes_come_down() {
        String sum = TargetProgram.sha256(TargetProgram.randomBytes((int) BULK, 7));

        assertThat(LAB.caller()
                        .run("echo " + BULK + " 7 | culvert dial random | sha256sum", BULK_TIME)
                        .orFail()
                        .out())
                .startsWith(sum);
    }

    @Test
    void a_hundred_megabytes_go_both_ways_at_once() {
        LAB.caller().run("head -c " + BULK + " /dev/urandom > both").orFail();
        String sum = LAB.caller().run("sha256sum < both").orFail().out();

        assertThat(LAB.caller()
                        .run("culvert dial echo < both | sha256sum", BULK_TIME)
                        .orFail()
                        .out())
                .isEqualTo(sum);
    }

    @Test
    void dial_passes_the_end_of_its_input_on() {
        String sum = TargetProgram.sha256("one\ntwo\n".getBytes(StandardCharsets.UTF_8));

        assertThat(LAB.caller()
                        .run("printf 'one\\ntwo\\n' | culvert dial digest")
                        .orFail()
                        .out()
                        .strip())
                .isEqualTo(sum);
    }

    @Test
    void two_commands_on_one_machine_share_its_name() {
        Deployment.expose(LAB.agent(), "second 8080 --name edge7");

        for (String address : List.of("edge7.web", "edge7.second")) {
            assertThat(LAB.caller()
                            .run("dialer http " + address + " /nonce")
                            .orFail()
                            .out())
                    .isEqualTo(NONCE + "\n");
        }
    }

    @Test
    void a_public_port_at_the_relay_leads_to_the_service() {
        LAB.agent().with("CULVERT_JOIN", deployment.invite("--uses 1 --public-ports 9300-9310"));
        Deployment.expose(LAB.agent(), "open 8080 --public-port 9300 --name edge8");

        assertThat(LAB.caller()
                        .run("curl -sS http://" + LAB.relay().address() + ":9300/nonce")
                        .orFail()
                        .out())
                .isEqualTo(NONCE);
    }

    @Test
    void a_link_goes_through_a_proxy_that_wants_a_password() {
        Proc proxy = LAB.relay2().start("proxy 3128 lab:secret");
        proxy.awaitLine("proxy ready");
        String sum = TargetProgram.sha256("through".getBytes(StandardCharsets.UTF_8));
        String dial =
                "printf through | HTTPS_PROXY=http://lab:%s@" + LAB.relay2().address() + ":3128 culvert dial digest";

        assertThat(LAB.caller().run(dial.formatted("secret")).orFail().out().strip())
                .isEqualTo(sum);
        proxy.awaitLine("connected " + LAB.relay().address() + ":7443");

        Shell.Result refused = LAB.caller().run(dial.formatted("wrong") + " --timeout 5s");
        assertThat(refused.exitCode()).isNotZero();
        assertThat(refused.err()).contains("407").doesNotContain("wrong");
    }

    @Test
    void links_and_dials_go_over_ipv6() {
        String join =
                deployment.invite("--uses 2 --public-address [" + LAB.relay().address6() + "]:7443");
        LAB.agent().with("CULVERT_JOIN", join);
        Deployment.expose(LAB.agent(), "six 8080 --name edge6");

        assertThat(LAB.caller()
                        .run("CULVERT_JOIN='" + join + "' dialer http six /nonce")
                        .orFail()
                        .out())
                .isEqualTo(NONCE + "\n");
    }
}
