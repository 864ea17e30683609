package dev.culvert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two machines that can reach each other link without the relay that brought them together, and go back to it. [DIRECT-8] */
@Namespaces
final class DirectLinkTest {
    @RegisterExtension
    static final Lab LAB = new Lab();

    private static final int BULK = 1_000_000;

    /** Two and a half keep-alive intervals [MUX-18], and a second for the processes to say so. */
    private static final Duration NOTICED =
            PeerProgram.KEEP_ALIVE.multipliedBy(5).dividedBy(2).plusSeconds(1);

    private static final Duration BACK = Duration.ofSeconds(20);

    @AfterAll
    static void mend() {
        LAB.mend(LAB.relay());
    }

    @Test
    void a_direct_link_outlasts_the_relay_and_the_relay_the_direct_link() {
        Deployment paris = Deployment.on(LAB.relay(), "--name paris");
        Host there = LAB.relay2();
        Proc edge7 = there.with("CULVERT_JOIN", paris.invite()).start("peer edge7 at=" + there.address() + ":7443");
        Proc edge8 = LAB.caller().with("CULVERT_JOIN", paris.invite()).start("peer edge8 to=10.77.0.0/16");
        edge7.awaitLine("linked to paris");
        edge8.awaitLine("linked to paris");
        assertUploaded(edge8, 1);
        edge8.awaitLine("linked to edge7");

        int said = edge8.mark();
        LAB.cut(LAB.relay());
        edge8.awaitLineAfter(said, "link lost", NOTICED);
        assertUploaded(edge8, 2);

        said = edge8.mark();
        LAB.mend(LAB.relay());
        edge8.awaitLineAfter(said, "linked to paris", BACK);
        there.run(
                        "nft add table ip cut && nft add chain ip cut input '{ type filter hook input priority 0; }' && nft add"
                                + " rule ip cut input ip saddr " + LAB.caller().address() + " drop")
                .orFail();
        assertUploaded(edge8, 3);
    }

    private static void assertUploaded(Proc dialler, int seed) {
        dialler.type("upload edge7 " + BULK + " " + seed);
        assertThat(dialler.awaitLine("upload( of " + seed + ":| failed: " + seed + ":).*", BACK.plus(BACK))
                        .group())
                .isEqualTo("upload of " + seed + ": " + TargetProgram.sha256(TargetProgram.randomBytes(BULK, seed)));
    }
}
