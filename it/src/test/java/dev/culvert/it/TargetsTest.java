package dev.culvert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Targets that are not a plain port of a hidden machine: an SSH server, a Unix domain socket, and what the relay itself offers. */
@Namespaces
@ExtendWith(Sshd.class)
final class TargetsTest {
    @RegisterExtension
    static final Lab LAB = new Lab();

    private static final String NONCE = UUID.randomUUID().toString();
    private static final int CONNECTS = 100;

    @BeforeAll
    static void offer_them() {
        LAB.relay().start("targets " + NONCE).awaitLine("targets ready");
        LAB.agent().start("targets none").awaitLine("targets ready");
        Sshd.start(LAB.agent());
        Deployment deployment = Deployment.on(LAB.relay(), "--name relay1 --expose home=8080");
        LAB.agent().with("CULVERT_JOIN", deployment.invite());
        LAB.caller().with("CULVERT_JOIN", deployment.invite());
        Deployment.expose(
                LAB.agent(),
                "ssh=" + Sshd.PORT + " digest=unix:" + LAB.agent().home().resolve("digest.sock") + " --name edge7");
        Deployment.forward(
                LAB.caller(), "ssh=9022 digest=unix:" + LAB.caller().home().resolve("near.sock"));
    }

    @Test
    void an_ssh_server_speaks_first_and_no_connection_loses_its_banner() {
        String connects = "for i in $(seq " + CONNECTS + "); do nc -n -N 127.0.0.1 9022 < /dev/null; done";

        assertThat(LAB.caller().run(connects).orFail().out().lines())
                .hasSize(CONNECTS)
                .allMatch(line -> line.startsWith("SSH-2.0-"));
    }

    @Test
    void a_person_logs_in_over_ssh() {
        String key = LAB.agent().home().resolve("client.key").toString();
        String ssh = "ssh -p 9022 -i " + key + " -o StrictHostKeyChecking=no -o UserKnownHostsFile=known"
                + " -o LogLevel=ERROR -o BatchMode=yes 127.0.0.1 'echo over there'";

        assertThat(LAB.caller().run(ssh).orFail().out()).isEqualTo("over there\n");
    }

    @Test
    void a_unix_socket_is_dialled_by_name_and_half_close_reaches_it() {
        assertThat(LAB.caller()
                        .run("printf abc | culvert dial digest")
                        .orFail()
                        .out()
                        .strip())
                .isEqualTo(TargetProgram.sha256("abc".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void a_unix_socket_leads_to_a_unix_socket() {
        assertThat(LAB.caller()
                        .run("printf abcd | nc -N -U near.sock")
                        .orFail()
                        .out()
                        .strip())
                .isEqualTo(TargetProgram.sha256("abcd".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void what_the_relay_itself_offers_is_dialled_by_an_agent() {
        for (String address : new String[] {"home", "relay1.home"}) {
            assertThat(LAB.agent()
                            .run("dialer http " + address + " /nonce")
                            .orFail()
                            .out())
                    .isEqualTo(NONCE + "\n");
        }
    }

    @Test
    void status_tells_the_processes_of_one_machine_apart() {
        String relay = LAB.relay().run("culvert status").orFail().out();
        String caller = LAB.caller().run("culvert status").orFail().out();

        assertThat(relay).containsPattern("edge7 +digest,ssh +default").containsPattern("home +relay1 +default +here");
        assertThat(caller).containsPattern("127.0.0.1:9022 +ssh").containsPattern("unix:\\S+near.sock +digest");
    }
}
