package dev.culvert.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.api.ErrorCode;
import dev.culvert.api.LinkException;
import dev.culvert.node.OfferedService;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServicesCommandTest {
    private static final OfferedService WEB = new OfferedService("relay1", "edge7", "web", false);
    private static final OfferedService WEB_2 = new OfferedService("relay2", "edge7", "web", false);
    private static final OfferedService OLD = new OfferedService("relay1", "edge8", ":7", true);

    @TempDir
    Path home;

    private Cli cli;

    @BeforeEach
    void start() throws Failure {
        cli = new Cli(home);
        cli.env.put("CULVERT_JOIN", cli.join());
        cli.node.world = watcher -> {
            watcher.onOffered(WEB);
            watcher.onOffered(OLD);
            watcher.onSynced("relay1");
        };
    }

    @Test
    void shows_what_may_be_dialled() {
        Cli.Result result = cli.run("services", "w*,:*");
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out())
                .isEqualTo(String.join(
                        "\n",
                        "  SERVICE  NODE   STATE  VIA     ADDRESS",
                        "  web      edge7  up     relay1  edge7.web",
                        "  :7       edge8  lost   relay1  edge8:7",
                        ""));
        assertThat(cli.node.watched).isEmpty();
        assertThat(cli.node.closed).isTrue();
        assertThat(cli.run("services", "--json").out())
                .contains("{\"event\":\"service\",\"service\":\"web\",\"node\":\"edge7\",\"address\":\"edge7.web\","
                        + "\"state\":\"up\",\"relays\":[\"relay1\"]}");
    }

    @Test
    void says_what_changes_for_all_relays_together() {
        cli.node.world = watcher -> {
            watcher.onOffered(WEB);
            watcher.onSynced("relay1");
            watcher.onOffered(WEB_2);
            watcher.onSynced("relay2");
            watcher.onGone(WEB);
            watcher.onLost("relay1", ErrorCode.LINK_LOST, "gone");
            watcher.onOffered(OLD);
            watcher.onGone(OLD);
            watcher.onGone(WEB_2);
            cli.interrupts.interrupt();
        };
        Cli.Result result = cli.run("services", "--watch");
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out().lines().skip(2))
                .containsExactly("  ? edge8:7   link lost", "  - edge8:7", "  - edge7.web");
    }

    @Test
    void routes_are_the_nodes_and_the_way_to_them() {
        cli.node.world = watcher -> {
            watcher.onOffered(WEB);
            watcher.onOffered(WEB_2);
            watcher.onOffered(OLD);
            for (int i = 1; i <= 6; i++) {
                watcher.onOffered(new OfferedService("relay1", "edge9", "s" + i, false));
            }
            watcher.onSynced("relay1");
        };
        assertThat(cli.run("routes").out())
                .isEqualTo(String.join(
                        "\n",
                        "  NODE   STATE  VIA             SERVICES",
                        "  edge7  up     relay1, relay2  web",
                        "  edge8  lost   relay1          :7",
                        "  edge9  up     relay1          s1 s2 s3 s4 s5 and 1 more",
                        ""));
        assertThat(cli.run("routes", "--json").out()).contains("\"relays\":[\"relay1\",\"relay2\"]");
    }

    @Test
    void a_relay_that_refuses_is_told_as_it_said() {
        cli.node.world = watcher -> watcher.onLost("relay1", ErrorCode.UNKNOWN_SERVICE, "nobody offers '$watch'");
        Cli.Result result = cli.run("services");
        assertThat(result.exitCode()).isEqualTo(5);
        assertThat(result.err())
                .contains("services of relay1", "UNKNOWN_SERVICE", "$watch")
                .hasLineCount(1);
    }

    @Test
    void no_link_and_no_answer_are_one_line() {
        cli.node.linkFault = new LinkException(ErrorCode.NO_ROUTE, "me", "no link came up", "check the join string");
        assertThat(cli.run("services").exitCode()).isEqualTo(6);
        cli.node.linkFault = null;
        cli.node.world = watcher -> {};
        Cli.Result late = cli.run("routes", "--timeout", "10ms");
        assertThat(late.exitCode()).isEqualTo(6);
        assertThat(late.err()).contains("no answer within 10 ms").hasLineCount(1);
        assertThat(cli.run("services", "a b").exitCode()).isEqualTo(2);
    }
}
