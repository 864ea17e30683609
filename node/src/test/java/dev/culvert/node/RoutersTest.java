package dev.culvert.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.culvert.api.Address;
import dev.culvert.api.BindOptions;
import dev.culvert.api.Binding;
import dev.culvert.api.DialException;
import dev.culvert.api.DialOptions;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.RegistrationException;
import dev.culvert.api.Stream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Relays that are linked to relays: a service anywhere is reached from anywhere. [ROUTE-10] to [ROUTE-17] */
@Timeout(60)
final class RoutersTest {
    private final Net net = new Net();

    @AfterEach
    void close() {
        net.close();
    }

    private NodeConfig router(String name, String... others) {
        NodeConfig config = net.relay(name);
        for (String other : others) {
            config = config.withLink(net.link(net.endpoint(other), other));
        }
        return config;
    }

    private CulvertNode agent(String name, String relay) throws IOException {
        CulvertNode agent = net.linked(name, relay);
        return agent;
    }

    private static Binding serve(CulvertNode node, String service, BindOptions options) throws IOException {
        return node.bind(
                service,
                options,
                stream -> stream.output().write((node.name() + " " + stream.address()).getBytes(UTF_8)));
    }

    private static Binding serve(CulvertNode node, String service) throws IOException {
        return serve(node, service, BindOptions.DEFAULT);
    }

    private static String dial(CulvertNode from, String name) throws IOException {
        try (Stream stream = from.dial(address(name), DialOptions.DEFAULT.withTimeout(Duration.ofSeconds(5)))) {
            return new String(stream.input().readAllBytes(), UTF_8).split(" ", 2)[0];
        }
    }

    private static Address address(String name) {
        return name.endsWith("$routes") ? Address.at("relay1", "$routes") : Address.parse(name);
    }

    private static void reached(CulvertNode from, String name, String by) {
        await().atMost(Net.PATIENCE)
                .ignoreExceptionsInstanceOf(DialException.class)
                .untilAsserted(() -> assertThat(dial(from, name)).isEqualTo(by));
    }

    private static void refused(CulvertNode from, String name, ErrorCode code) {
        await().atMost(Net.PATIENCE)
                .untilAsserted(() -> assertThatThrownBy(() -> dial(from, name))
                        .isInstanceOfSatisfying(
                                DialException.class, e -> assertThat(e.code()).isEqualTo(code)));
    }

    @Test
    void a_service_is_reached_over_three_relays_in_a_row_in_both_directions() throws IOException {
        net.start(router("relay1"));
        net.start(router("relay2", "relay1"));
        net.start(router("relay3", "relay2"));
        CulvertNode left = agent("edge1", "relay1");
        CulvertNode right = agent("edge3", "relay3");
        serve(left, "web-left");
        Binding second = serve(right, "web-right");
        reached(right, "web-left", "edge1");
        reached(right, "edge1.web-left", "edge1");
        reached(left, "web-right", "edge3");
        refused(left, "web-none", ErrorCode.UNKNOWN_SERVICE);
        second.close();
        refused(left, "web-right", ErrorCode.UNKNOWN_SERVICE);
        refused(left, "edge3.web-right", ErrorCode.UNKNOWN_SERVICE);
    }

    @Test
    void when_a_relay_on_the_way_dies_dials_take_the_other_way() throws IOException {
        net.start(router("relay1"));
        CulvertNode above = net.start(router("relay2", "relay1"));
        net.start(router("relay3", "relay1"));
        net.start(router("relay4", "relay2", "relay3"));
        CulvertNode service = agent("edge1", "relay1");
        serve(service, "web");
        CulvertNode caller = agent("laptop", "relay4");
        reached(caller, "web", "edge1");
        above.close();
        reached(caller, "web", "edge1");
        CulvertNode again = net.start(router("relay2", "relay1"));
        reached(agent("other", "relay2"), "web", "edge1");
        assertThat(again.name()).isEqualTo("relay2");
    }

    @Test
    void a_watch_and_status_show_what_is_behind_other_relays_and_when_it_has_gone() throws IOException {
        net.start(router("relay1"));
        CulvertNode middle = CulvertNode.start(router("relay2", "relay1"), NodeListener.NONE, net.loops);
        net.start(router("relay3", "relay2"));
        CulvertNode service = agent("edge1", "relay1");
        serve(service, "web");
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        agent("laptop", "relay3").watch("web", new ServiceWatcher() {
            @Override
            public void onOffered(OfferedService offered) {
                seen.add("+" + offered.address() + " at " + offered.relay());
            }

            @Override
            public void onGone(OfferedService offered) {
                seen.add("-" + offered.address());
            }

            @Override
            public void onSynced(String relay) {}

            @Override
            public void onLost(String relay, ErrorCode code, String text) {}
        });
        await().atMost(Net.PATIENCE).until(() -> seen.contains("+edge1.web at relay3"));
        middle.close();
        await().atMost(Net.PATIENCE).until(() -> seen.contains("-edge1.web"));
    }

    @Test
    void a_name_is_one_node_s_in_the_whole_network_unless_all_share_it() throws IOException {
        net.start(router("relay1"));
        net.start(router("relay2", "relay1"));
        CulvertNode first = agent("edge1", "relay1");
        CulvertNode second = agent("edge2", "relay2");
        serve(first, "web");
        reached(second, "web", "edge1");
        assertThatThrownBy(() -> serve(second, "web"))
                .isInstanceOfSatisfying(
                        RegistrationException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NAME_TAKEN))
                .hasMessageContaining("edge1")
                .hasMessageContaining("relay1");
        serve(first, "echo", BindOptions.DEFAULT.withShared(true));
        reached(second, "echo", "edge1");
        serve(second, "echo", BindOptions.DEFAULT.withShared(true));
        reached(second, "echo", "edge2");
        reached(first, "edge2.echo", "edge2");
    }

    @Test
    void two_networks_that_come_together_leave_a_name_to_the_one_that_had_it_first() throws IOException {
        net.start(router("relay1"));
        net.start(router("relay2", "relay1"));
        serve(agent("edge1", "relay1"), "web");
        net.start(router("relay3"));
        serve(agent("edge3", "relay3"), "web");
        CulvertNode left = agent("laptop1", "relay2");
        CulvertNode right = agent("laptop3", "relay3");
        reached(left, "web", "edge1");
        reached(right, "web", "edge3");
        net.start(router("relay4", "relay3", "relay2"));
        reached(right, "web", "edge1");
        reached(left, "web", "edge1");
        refused(right, "edge3.web", ErrorCode.UNKNOWN_SERVICE);
    }

    @Test
    void a_relay_without_the_right_to_route_does_not_link_and_an_agent_is_told_no_routes() throws IOException {
        net.start(router("relay1"));
        // its name does not begin with relay: the authenticator of the tests gives it no right to route
        CulvertNode guest = net.start(router("guest", "relay1"));
        assertThatThrownBy(() -> guest.awaitLink(Net.PATIENCE)).hasMessageContaining("role peer");
        CulvertNode agent = agent("edge1", "relay1");
        refused(agent, "relay1.$routes", ErrorCode.DENIED);
    }
}
