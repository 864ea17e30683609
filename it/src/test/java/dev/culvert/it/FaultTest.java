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

/** Paths that lose everything silently, and processes that die without a word. Every test begins with a fresh relay and agent. */
@Tag("long")
@Namespaces
final class FaultTest {
    @RegisterExtension
    static final Lab LAB = new Lab();

    /** Two and a half keep-alive intervals [MUX-18], and a second for the processes to say so. */
    private static final Duration NOTICED = Duration.ofSeconds(25);

    /** The longest back-off, and what connecting takes. [LINK-24] */
    private static final Duration BACK = Duration.ofSeconds(15 + 5);

    /** What a closed socket takes to be seen. */
    private static final Duration AT_ONCE = Duration.ofSeconds(5);

    private final String nonce = UUID.randomUUID().toString();
    private Deployment deployment;
    private Proc targets;
    private Proc agent;

    @BeforeEach
    void reach_the_hidden_machine() {
        deployment = Deployment.on(LAB.relay());
        LAB.agent().with("CULVERT_JOIN", deployment.invite());
        LAB.caller().with("CULVERT_JOIN", deployment.invite());
        targets = LAB.agent().start("targets " + nonce);
        targets.awaitLine("targets ready");
        agent = expose();
        assertServed();
    }

    @AfterEach
    void stop() {
        LAB.mend(LAB.agent());
        LAB.mend(LAB.caller());
        LAB.stopPrograms();
    }

    @Test
    void both_ends_notice_that_the_agents_path_is_cut_and_the_agent_comes_back_under_its_name() {
        Proc watcher = watch();
        int said = agent.mark();

        LAB.cut(LAB.agent());

        watcher.awaitLine("ended: .*LINK_LOST", NOTICED);
        agent.awaitLineAfter(said, "LINK_LOST", NOTICED);
        deployment.relay().awaitLine("edge7 gone: LINK_LOST", AT_ONCE);
        targets.awaitLine("port 7010: connection ended", AT_ONCE);

        LAB.mend(LAB.agent());
        await().atMost(BACK).until(this::served);
    }

    @Test
    void the_target_learns_that_the_callers_path_is_cut() {
        watch();

        LAB.cut(LAB.caller());

        targets.awaitLine("port 7010: connection ended", NOTICED);
        LAB.mend(LAB.caller());
        await().atMost(BACK).until(this::served);
    }

    @Test
    void an_agent_killed_and_started_again_has_its_name_back() {
        Proc watcher = watch();

        agent.kill();
        watcher.awaitLine("ended: .*LINK_LOST", AT_ONCE);

        agent = expose();
        assertServed();
    }

    @Test
    void an_agent_killed_behind_a_cut_path_has_its_name_back_from_its_own_ghost() {
        LAB.cut(LAB.agent());
        agent.kill();
        LAB.mend(LAB.agent());

        agent = expose();
        await().atMost(BACK).until(this::served);
    }

    @Test
    void a_relay_killed_and_started_again_is_served_again_and_knows_its_invitations() {
        Proc watcher = watch();
        int said = agent.mark();

        deployment.relay().kill();
        watcher.awaitLine("ended: .*LINK_LOST", AT_ONCE);
        agent.awaitLineAfter(said, "LINK_LOST", AT_ONCE);

        deployment.restartRelay();
        await().atMost(BACK).until(this::served);
    }

    @Test
    void an_agent_is_not_ready_while_its_target_is_down_nor_while_the_way_back_is_cut() {
        Proc late = LAB.agent().start("culvert expose late=7099 --name edge9");
        late.awaitLine("probe late: TARGET_REFUSED");

        LAB.cutTowards(LAB.agent());
        LAB.agent().start("nc -n -v -k -l -p 7099").awaitLine("Listening");
        late.awaitLine("LINK_LOST|DEADLINE", NOTICED);
        assertThat(late.printed("READY  ")).isFalse();

        LAB.mend(LAB.agent());
        late.awaitLine("READY  late", BACK.plus(NOTICED));
    }

    @Test
    void an_agent_that_ends_in_order_finishes_a_running_download_and_takes_no_new_dials() {
        Proc download = LAB.caller().start("dialer download random 20000000 7");
        download.awaitLine("began");

        agent.signal("TERM");
        agent.awaitLine("Draining 1 stream");
        await().atMost(BACK).until(() -> !served());
        assertThat(agent.isAlive()).isTrue();
        download.type("go on");

        download.awaitLine(TargetProgram.sha256(TargetProgram.randomBytes(20_000_000, 7)));
        assertThat(agent.awaitExit(Duration.ofSeconds(10))).isZero();
    }

    private Proc expose() {
        return Deployment.expose(LAB.agent(), "web=8080 random=7009 tick=7010 --name edge7");
    }

    private Proc watch() {
        Proc watcher = LAB.caller().start("dialer watch tick");
        watcher.awaitLine("watching");
        return watcher;
    }

    private void assertServed() {
        Shell.Result result = dial();
        assertThat(result.out()).as(result.err()).isEqualTo(nonce + "\n");
    }

    private boolean served() {
        return dial().out().equals(nonce + "\n");
    }

    private Shell.Result dial() {
        return LAB.caller().run("dialer http edge7.web /nonce");
    }
}
