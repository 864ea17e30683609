package dev.culvert.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Programs that know nothing of Culvert, at both ends: through a proxy, through many local ports. */
@Namespaces
final class EntriesTest {
    @RegisterExtension
    static final Lab LAB = new Lab();

    private static final String NONCE = UUID.randomUUID().toString();
    private static final Duration PATIENCE = Duration.ofSeconds(45);
    private static final String NONCE_OF = "curl -sS -x socks5h://127.0.0.1:1080 http://%s/nonce";

    @BeforeAll
    static void expose_and_open_a_proxy() {
        Deployment deployment = Deployment.on(LAB.relay());
        LAB.agent().with("CULVERT_JOIN", deployment.invite());
        LAB.caller().with("CULVERT_JOIN", deployment.invite());
        LAB.agent().start("targets " + NONCE).awaitLine("targets ready");
        Deployment.expose(LAB.agent(), "web=8080 mail=2525 echo=7007 digest=7008 --name edge7");
        Deployment.proxy(LAB.caller(), "1080");
    }

    @Test
    void curl_reaches_a_name_in_each_of_the_three_ways() {
        for (String how :
                List.of("-x socks5h://127.0.0.1:1080", "-x http://127.0.0.1:1080", "-p -x http://127.0.0.1:1080")) {
            for (String name : List.of("web", "edge7.web")) {
                assertThat(LAB.caller()
                                .run("curl -sS " + how + " http://" + name + "/nonce")
                                .orFail()
                                .out())
                        .as(how)
                        .isEqualTo(NONCE);
            }
        }
    }

    @Test
    void curl_is_told_why_a_name_is_not_reached() {
        String ask = "curl -sS -o answer -w %{http_code} -x http://127.0.0.1:1080 http://nobody/; cat answer";
        assertThat(LAB.caller().run(ask).orFail().out()).startsWith("404").contains("UNKNOWN_SERVICE", "nobody");
        // SOCKS5 code 4, host unreachable; curl's exit code 97 is a refusal by the proxy
        Shell.Result refused = LAB.caller().run("curl -sS -x socks5h://127.0.0.1:1080 http://nobody/");
        assertThat(refused.exitCode()).isEqualTo(97);
        assertThat(refused.err()).contains("(4)");
        Shell.Result outside = LAB.caller().run("curl -sS -x socks5h://127.0.0.1:1080 http://192.0.2.1/");
        assertThat(outside.err()).contains("(2)");
    }

    @Test
    void a_server_that_speaks_first_and_a_half_close_come_through_the_proxy() {
        assertThat(LAB.caller()
                        .run("nc -N -X 5 -x 127.0.0.1:1080 edge7.mail 25 < /dev/null")
                        .orFail()
                        .out()
                        .strip())
                .isEqualTo(TargetProgram.BANNER);
        assertThat(LAB.caller()
                        .run("printf one | nc -N -X connect -x 127.0.0.1:1080 edge7.digest 1")
                        .orFail()
                        .out()
                        .strip())
                .isEqualTo(TargetProgram.sha256("one".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    @Test
    void a_program_beside_the_agent_registers_a_service_and_takes_it_back() {
        Proc agent = LAB.agent().start("env CULVERT_HOME=agent-state culvert agent --name edge8");
        agent.awaitLine("READY");
        String beside = "CULVERT_HOME=agent-state culvert ";
        LAB.agent().run(beside + "register again 8080").orFail();
        assertThat(LAB.caller().run(NONCE_OF.formatted("edge8.again")).orFail().out())
                .isEqualTo(NONCE);

        LAB.agent().run(beside + "unregister again").orFail();
        assertThat(LAB.caller().run("culvert dial edge8.again < /dev/null").exitCode())
                .isEqualTo(5);

        Proc stay = LAB.agent().start("env " + beside + "register again 8080 --stay");
        stay.awaitLine("Ctrl");
        assertThat(LAB.caller().run(NONCE_OF.formatted("again")).orFail().out()).isEqualTo(NONCE);
        stay.kill();
        await().atMost(PATIENCE)
                .until(() -> LAB.caller().run("culvert dial again < /dev/null").exitCode() == 5);
    }

    @Test
    void an_app_is_published_while_it_is_well_and_ends_with_the_command() {
        Proc expose = LAB.agent()
                .start("culvert expose app 8090 --name edge9 --retry 100ms --recheck 100ms"
                        + " --check http://127.0.0.1:8090/health"
                        + " --run 'mkdir -p www && echo well > www/health && exec python3 -m http.server 8090"
                        + " --bind 127.0.0.1 --directory www'");
        expose.awaitLine("READY");
        Proc watch = LAB.caller().start("culvert services --watch 'app*'");
        watch.awaitLine("app +edge9 +up");
        assertThat(LAB.caller()
                        .run("curl -sS -x socks5h://127.0.0.1:1080 http://edge9.app/health")
                        .orFail()
                        .out())
                .isEqualTo("well\n");

        LAB.agent().run("mv www/health www/hidden").orFail();
        watch.awaitLine("- edge9.app");
        LAB.agent().run("mv www/hidden www/health").orFail();
        watch.awaitLine("\\+ edge9.app");
        assertThat(LAB.caller().run("culvert routes").orFail().out()).containsPattern("edge9 +up +\\S+ +app");

        expose.signal("TERM");
        assertThat(expose.awaitExit(PATIENCE)).isZero();
        assertThat(LAB.agent().run("nc -n -z -w 1 127.0.0.1 8090").exitCode()).isNotZero();
        // not INT, which is ignored below a shell that started us in the background
        watch.signal("TERM");
        assertThat(watch.awaitExit(PATIENCE)).isZero();
    }

    @Test
    void one_forward_opens_many_ports() {
        Deployment.forward(LAB.caller(), "web=9100 edge7.web=9101 echo=unix:echo.sock");
        for (int port : List.of(9100, 9101)) {
            assertThat(LAB.caller()
                            .run("curl -sS http://127.0.0.1:" + port + "/nonce")
                            .orFail()
                            .out())
                    .isEqualTo(NONCE);
        }
        assertThat(LAB.caller()
                        .run("printf again | nc -N -U echo.sock")
                        .orFail()
                        .out())
                .isEqualTo("again");
    }
}
