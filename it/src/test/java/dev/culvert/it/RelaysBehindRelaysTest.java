package dev.culvert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * An agent and a caller with two relays between their own: when one of those dies, dials take the other. [ROUTE-10] to [ROUTE-18]
 *
 * <pre>
 *                    ┌── oslo ──┐
 *     agent ── paris ┤          ├ rome ── caller
 *                    └── bern ──┘
 * </pre>
 */
@Tag("long")
@Namespaces
final class RelaysBehindRelaysTest {
    @RegisterExtension
    static final Lab LAB = new Lab();

    private static final String ROUTER = "--router --uses 10";
    private static final Duration BACK = Duration.ofSeconds(15 + 5);

    private Deployment oslo;
    private Proc bern;
    private Proc caller;

    @BeforeEach
    void link_relays_to_relays() {
        Deployment paris = Deployment.on(LAB.relay(), "--name paris");
        oslo = Deployment.on(LAB.relay2(), "--name oslo --join '" + paris.invite(ROUTER) + "'");
        bern = second(LAB.relay(), "bern", "--join '" + paris.invite(ROUTER) + "'");
        String toBern = invite(LAB.relay(), "bern", ROUTER);
        second(LAB.relay2(), "rome", "--join '" + oslo.invite(ROUTER) + "' --join '" + toBern + "'");

        String nonce = UUID.randomUUID().toString();
        LAB.agent().with("CULVERT_JOIN", paris.invite());
        LAB.caller().with("CULVERT_JOIN", invite(LAB.relay2(), "rome", "--uses 10"));
        LAB.agent().start("targets " + nonce).awaitLine("targets ready");
        Deployment.expose(LAB.agent(), "web=8080 --name edge7");
        oslo.relay().awaitLine("rome linked", BACK);
        bern.awaitLine("rome linked", BACK);
        caller = LAB.caller().start("dialer repeat edge7.web /nonce");
        caller.awaitLine("20 dials");
    }

    /** Another relay on a host that has one: with a port and a state directory of its own. */
    private static Proc second(Host host, String name, String options) {
        Proc relay = host.start(
                "env CULVERT_HOME=%s culvert relay --listen '[::]:7444' --public-address %s:7444 --no-invite --name %s %s"
                        .formatted(host.home().resolve(name), host.address(), name, options));
        relay.awaitLine("Relay ready");
        return relay;
    }

    private static String invite(Host host, String name, String options) {
        String command = "CULVERT_HOME=" + host.home().resolve(name) + " culvert invite " + options;
        return Deployment.joinStringIn(host.run(command).orFail().out());
    }

    @AfterEach
    void stop() {
        LAB.stopPrograms();
    }

    @Test
    void a_relay_on_the_way_that_is_killed_costs_at_most_the_dials_it_carried() {
        int failed = failuresAfterMoreDials();
        oslo.relay().kill();
        assertThat(failuresAfterMoreDials()).isLessThanOrEqualTo(failed + 1);

        oslo.restartRelay();
        oslo.relay().awaitLine("rome linked", BACK);
        failed = failuresAfterMoreDials();
        bern.kill();
        assertThat(failuresAfterMoreDials()).isLessThanOrEqualTo(failed + 1);
    }

    /** The failures so far, after ten dials more, each of which takes either way by chance. */
    private int failuresAfterMoreDials() {
        int said = caller.mark();
        caller.awaitLineAfter(said, "dials", BACK);
        String last =
                caller.awaitLineAfter(said + 1, "dials, (\\d+) failed", BACK).group(1);
        return Integer.parseInt(last);
    }
}
