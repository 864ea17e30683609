package dev.culvert.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node in Go, made from docs/protocol.md alone, is an agent and a caller among ours: joins with a join string over TLS [LINK-3] [LINK-21]
 * [LINK-23], registers [CTRL-3], serves [OPEN-2] and dials [OPEN-1], in profile Y [MUX-1].
 */
@Namespaces
@ExtendWith(Foreign.class)
final class ForeignNodeTest {
    @RegisterExtension
    static final Lab LAB = new Lab();

    @TempDir
    private static Path directory;

    private static final String NONCE = UUID.randomUUID().toString();
    private static final int BULK = 20 << 20;

    private static Path foreign;
    private static Deployment deployment;

    @BeforeAll
    static void a_relay_a_hidden_machine_and_the_go_node() {
        foreign = Foreign.buildInto(directory);
        deployment = Deployment.on(LAB.relay());
        LAB.agent().with("CULVERT_JOIN", deployment.invite());
        LAB.caller().with("CULVERT_JOIN", deployment.invite());
        LAB.agent().start("targets " + NONCE).awaitLine("targets ready");
        Deployment.expose(LAB.agent(), "web=8080 digest=7008 random=7009 --name edge7");
        LAB.agent().start(foreign + " serve go").awaitLine("serving as key:");
    }

    @Test
    void a_java_program_fetches_from_the_go_agent() {
        for (String address : List.of("go-http", "go.go-http")) {
            assertThat(LAB.caller()
                            .run("dialer http " + address + " /hello")
                            .orFail()
                            .out())
                    .startsWith("GET /hello 0 ");
        }
    }

    @Test
    void the_go_caller_fetches_from_the_java_agent() {
        for (String address : List.of("web", "edge7.web")) {
            assertThat(LAB.caller()
                            .run(foreign + " get " + address + " /nonce")
                            .orFail()
                            .out())
                    .isEqualTo(NONCE);
        }
    }

    @Test
    void go_fetches_from_go_through_the_relay() {
        assertThat(LAB.caller().run(foreign + " get go-http /go").orFail().out())
                .startsWith("GET /go 0 ");
    }

    @Test
    void bytes_and_half_closes_pass_in_both_directions() {
        LAB.caller().run("head -c " + BULK + " /dev/urandom > bulk").orFail();
        String sum = LAB.caller().run("sha256sum < bulk").orFail().out().substring(0, 64);

        assertThat(LAB.caller()
                        .run("culvert dial go-echo < bulk | sha256sum")
                        .orFail()
                        .out())
                .startsWith(sum);
        assertThat(LAB.caller().run(foreign + " dial digest < bulk").orFail().out())
                .startsWith(sum);
        assertThat(LAB.caller()
                        .run("echo " + BULK + " 7 | " + foreign + " dial random | sha256sum")
                        .orFail()
                        .out())
                .startsWith(TargetProgram.sha256(TargetProgram.randomBytes(BULK, 7)));
    }

    @Test
    void refusals_reach_the_go_caller_with_their_code_and_hop() {
        Shell.Result result = LAB.caller().run(foreign + " dial nobody < /dev/null");

        assertThat(result.exitCode()).isEqualTo(10);
        assertThat(result.err()).contains("refused with code 4 at ");
    }

    @Test
    void a_wrong_token_is_refused_for_good() {
        String join = deployment.invite();
        String wrong = join.substring(0, join.lastIndexOf('/') + 1) + "wrong";

        Shell.Result result = LAB.caller().run("CULVERT_JOIN='%s' %s get web /".formatted(wrong, foreign));

        assertThat(result.exitCode()).isEqualTo(10);
        assertThat(result.err()).contains("refused with code 17");
    }

    @Test
    void a_go_agent_that_lost_its_path_silently_comes_back_under_its_name() {
        Proc agent = LAB.agent().start(foreign + " serve go-fragile");
        agent.awaitLine("serving as key:");
        int said = agent.mark();

        LAB.cut(LAB.agent());
        agent.awaitLineAfter(said, "^lost:", Duration.ofSeconds(60));
        LAB.mend(LAB.agent());

        agent.awaitLineAfter(said, "serving as key:", Duration.ofSeconds(30));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> LAB.caller().run("dialer http go-fragile-http /").exitCode() == 0);
    }
}
