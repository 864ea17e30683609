package dev.culvert.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The lab is what its drawing says; else no other test here would prove anything. */
@Namespaces
final class LabTest {
    @RegisterExtension
    static final Lab LAB = new Lab();

    @Test
    void the_agent_reaches_the_relay_and_the_relay_sees_the_nat() {
        Proc listener = LAB.relay().start("nc -n -v -l -p 5001");
        listener.awaitLine("Listening");

        assertThat(LAB.agent()
                        .run("echo out | nc -N -w 5 " + LAB.relay().address() + " 5001")
                        .exitCode())
                .isZero();

        listener.awaitLine("^out$");
        assertThat(listener.output())
                .contains("10.77.1.1")
                .doesNotContain(LAB.agent().address());
    }

    @Test
    void nobody_reaches_the_agent() {
        LAB.agent().start("nc -n -v -k -l -p 5002").awaitLine("Listening");
        LAB.agent().start("nc -n -v -6 -k -l -p 5003").awaitLine("Listening");

        assertThat(LAB.agent().run("nc -n -z -w 5 127.0.0.1 5002").exitCode()).isZero();
        for (Host other : List.of(LAB.relay(), LAB.caller())) {
            assertThat(other.run("nc -n -z -w 2 " + LAB.agent().address() + " 5002")
                            .exitCode())
                    .isNotZero();
            assertThat(other.run("nc -n -6 -z -w 2 " + LAB.agent().address6() + " 5003")
                            .exitCode())
                    .isNotZero();
        }
    }

    @Test
    void a_cut_path_is_silent_and_heals() {
        LAB.relay().start("nc -n -v -k -l -p 5004").awaitLine("Listening");
        String probe = "nc -n -z -w 1 " + LAB.relay().address() + " 5004";
        assertThat(LAB.agent().run(probe).exitCode()).isZero();

        LAB.cut(LAB.agent());
        assertThat(LAB.agent().run(probe).exitCode()).isNotZero();
        assertThat(LAB.caller().run(probe).exitCode()).isZero();

        LAB.mend(LAB.agent());
        await().atMost(Duration.ofSeconds(10))
                .until(() -> LAB.agent().run(probe).exitCode() == 0);
    }

    @Test
    void ipv6_is_routed() {
        LAB.relay().start("nc -n -v -6 -k -l -p 5005").awaitLine("Listening");
        await().atMost(Duration.ofSeconds(5))
                .until(() -> LAB.agent()
                                .run("nc -n -6 -z -w 1 " + LAB.relay().address6() + " 5005")
                                .exitCode()
                        == 0);
    }

    @Test
    void the_targets_do_what_they_say() {
        Host agent = LAB.agent();
        agent.start("targets 4711").awaitLine("targets ready");

        assertThat(agent.run("curl -s http://127.0.0.1:8080/nonce").orFail().out())
                .isEqualTo("4711");
        assertThat(agent.run("nc -n -N 127.0.0.1 2525 < /dev/null").orFail().out())
                .startsWith(TargetProgram.BANNER);
        assertThat(agent.run("echo again | nc -n -N 127.0.0.1 7007").orFail().out())
                .isEqualTo("again\n");
        assertThat(agent.run("printf abc | nc -n -N 127.0.0.1 7008")
                        .orFail()
                        .out()
                        .strip())
                .isEqualTo(TargetProgram.sha256("abc".getBytes(StandardCharsets.UTF_8)));
        assertThat(agent.run("echo 100000 7 | nc -n 127.0.0.1 7009 | sha256sum")
                        .orFail()
                        .out())
                .startsWith(TargetProgram.sha256(TargetProgram.randomBytes(100_000, 7)));
    }

    @Test
    void a_program_that_ends_before_it_said_the_awaited_fails_with_its_words() {
        Proc proc = LAB.caller().start("sh -c 'echo other words; exit 3'");

        assertThatThrownBy(() -> proc.awaitLine("never said"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("ended with 3")
                .hasMessageContaining("other words");
    }
}
