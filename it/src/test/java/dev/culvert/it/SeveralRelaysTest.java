package dev.culvert.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An agent and a caller that keep links to two relays lose neither name nor dials when one relay goes. [LINK-25] [CTRL-6] [CTRL-12] */
@Tag("long")
@Namespaces
final class SeveralRelaysTest {
    @RegisterExtension
    static final Lab LAB = new Lab();

    private static final Duration BACK = Duration.ofSeconds(15 + 5);

    private final String nonce = UUID.randomUUID().toString();
    private Deployment first;
    private Deployment second;
    private Proc targets;
    private Proc agent;
    private Proc caller;

    @BeforeEach
    void link_to_two_relays() {
        first = Deployment.on(LAB.relay());
        second = Deployment.on(LAB.relay2());
        targets = LAB.agent().start("targets " + nonce);
        targets.awaitLine("targets ready");
        LAB.agent().with("CULVERT_JOIN", first.invite() + " " + second.invite());
        LAB.caller().with("CULVERT_JOIN", first.invite() + " " + second.invite());
        agent = Deployment.expose(LAB.agent(), "web=8080 --name edge7");
        first.relay().awaitLine("edge7 linked");
        second.relay().awaitLine("edge7 linked");
        caller = LAB.caller().start("dialer repeat edge7.web /nonce");
        caller.awaitLine("100 dials");
    }

    @AfterEach
    void stop() {
        LAB.mend(LAB.relay());
        LAB.stopPrograms();
    }

    @Test
    void a_relay_that_ends_in_order_costs_no_dial() {
        first.relay().signal("TERM");
        assertThat(first.relay().awaitExit(Duration.ofSeconds(45))).isZero();

        assertThat(failuresAfterMoreDials()).isZero();

        first.restartRelay();
        first.relay().awaitLine("edge7 linked", BACK);
        assertThat(failuresAfterMoreDials()).isZero();
    }

    @Test
    void a_relay_that_is_killed_costs_at_most_the_dials_it_carried() {
        first.relay().kill();

        assertThat(failuresAfterMoreDials()).isLessThanOrEqualTo(1);

        int failures = failuresAfterMoreDials();
        first.restartRelay();
        first.relay().awaitLine("edge7 linked", BACK);
        second.relay().kill();
        assertThat(failuresAfterMoreDials()).isLessThanOrEqualTo(failures + 1);
    }

    @Test
    void a_relay_lost_silently_is_left_for_the_other() {
        LAB.cut(LAB.relay());
        int said = caller.mark();
        await().atMost(Duration.ofSeconds(30 + 25)).until(() -> agent.printed("LINK_LOST"));
        caller.awaitLineAfter(said, "dials", BACK);
        LAB.mend(LAB.relay());
        first.relay().awaitLine("edge7 linked", Duration.ofSeconds(45));
    }

    /** The failures so far, after fifty dials more. */
    private int failuresAfterMoreDials() {
        int said = caller.mark();
        caller.awaitLineAfter(said, "dials", BACK);
        String last =
                caller.awaitLineAfter(said + 1, "dials, (\\d+) failed", BACK).group(1);
        return Integer.parseInt(last);
    }
}
