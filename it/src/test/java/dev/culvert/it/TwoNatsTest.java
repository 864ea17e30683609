package dev.culvert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two machines that nobody can dial, each behind a NAT of its own, serve and dial each other through a relay. */
@Tag("long")
@Namespaces
final class TwoNatsTest {
    @RegisterExtension
    static final Lab LAB = Lab.withTwoNats();

    private static final int BULK = 20_000_000;

    /** Two and a half keep-alive intervals [MUX-18], and a second for the processes to say so. */
    private static final Duration NOTICED =
            PeerProgram.KEEP_ALIVE.multipliedBy(5).dividedBy(2).plusSeconds(1);

    /** Longer than the longest back-off, and what linking takes on a busy machine. */
    private static final Duration BACK = Duration.ofSeconds(20);

    private Deployment deployment;
    private Proc edge7;
    private Proc edge8;

    @BeforeEach
    void start_a_relay_and_two_nodes() {
        deployment = Deployment.on(LAB.relay());
        edge7 = LAB.agent().with("CULVERT_JOIN", deployment.invite()).start("peer edge7");
        edge8 = LAB.caller().with("CULVERT_JOIN", deployment.invite()).start("peer edge8");
        edge7.awaitLine("linked to");
        edge8.awaitLine("linked to");
    }

    @AfterEach
    void stop() {
        LAB.stopPrograms();
    }

    @Test
    void nodes_behind_two_nats_talk_both_ways_and_come_back_under_their_names_after_a_nat_forgot_them() {
        assertNobodyReachesThem();
        assertBothTalkBothWays(1);

        int said = edge7.mark();
        int relaySaid = deployment.relay().mark();
        LAB.restartNatOf(LAB.agent());

        edge7.awaitLineAfter(said, "link lost: LINK_LOST", NOTICED);
        deployment.relay().awaitLineAfter(relaySaid, "edge7 linked", BACK);
        assertBothTalkBothWays(5);
    }

    private static void assertNobodyReachesThem() {
        LAB.agent().start("nc -n -v -k -l -p 5002").awaitLine("Listening");
        LAB.caller().start("nc -n -v -k -l -p 5002").awaitLine("Listening");

        assertThat(LAB.agent().run("nc -n -z -w 5 127.0.0.1 5002").exitCode()).isZero();
        for (String outside : LAB.natAddresses()) {
            assertThat(LAB.relay().run("nc -n -z -w 1 " + outside + " 5002").exitCode())
                    .isNotZero();
        }
    }

    /** Either dials and either sends, all four at once; what came is what was sent, and half-close told its end. */
    private void assertBothTalkBothWays(int seed) {
        edge7.type("upload edge8 " + BULK + " " + seed);
        edge7.type("download edge8 " + BULK + " " + (seed + 1));
        edge8.type("upload edge7 " + BULK + " " + (seed + 2));
        edge8.type("download edge7 " + BULK + " " + (seed + 3));

        assertTransferred(edge7, "upload", seed);
        assertTransferred(edge7, "download", seed + 1);
        assertTransferred(edge8, "upload", seed + 2);
        assertTransferred(edge8, "download", seed + 3);
    }

    private static void assertTransferred(Proc dialler, String how, int seed) {
        String line = how + "( of " + seed + ":| failed:).*";
        assertThat(dialler.awaitLine(line).group())
                .isEqualTo(how + " of " + seed + ": " + TargetProgram.sha256(TargetProgram.randomBytes(BULK, seed)));
    }
}
