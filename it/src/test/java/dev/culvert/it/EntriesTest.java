package dev.culvert.it;

import static org.assertj.core.api.Assertions.assertThat;

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
