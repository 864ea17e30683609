package dev.culvert.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.culvert.api.Address;
import dev.culvert.api.BindOptions;
import dev.culvert.api.Binding;
import dev.culvert.api.Change;
import dev.culvert.api.Changes;
import dev.culvert.api.DialException;
import dev.culvert.api.DialOptions;
import dev.culvert.api.Dialled;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.LiveMap;
import dev.culvert.api.NodeRoute;
import dev.culvert.api.ServiceRoute;
import dev.culvert.api.Stream;
import dev.culvert.api.StreamMode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What may be dialled, and which nodes are reached and how, as it is now. */
@Timeout(60)
final class LiveMapTest {
    private final Net net = new Net();

    @AfterEach
    void close() {
        net.close();
    }

    private CulvertNode agent(String name, String... relays) throws IOException {
        CulvertNode agent = net.linked(name, relays);
        return agent;
    }

    private NodeConfig router(String name, String... others) {
        NodeConfig config = net.relay(name);
        for (String other : others) {
            config = config.withLink(net.link(net.endpoint(other), other));
        }
        return config;
    }

    private static Binding bind(CulvertNode node, String name) throws IOException {
        return node.bind(name, stream -> stream.output().write(1));
    }

    private static Map<String, String> text(LiveMap<Address, ServiceRoute> services) {
        Map<String, String> text = new TreeMap<>();
        services.map().forEach((address, route) -> text.put(address.toString(), text(route.ways())));
        return text;
    }

    private static String text(List<?> ways) {
        return ways.isEmpty()
                ? "away"
                : String.join("; ", ways.stream().map(Object::toString).toList());
    }

    private static void shows(LiveMap<Address, ServiceRoute> services, Map<String, String> expected) {
        await().atMost(Net.PATIENCE)
                .untilAsserted(() -> assertThat(text(services)).isEqualTo(expected));
    }

    private static void reaches(LiveMap<String, NodeRoute> routes, Map<String, String> expected) {
        await().atMost(Net.PATIENCE).untilAsserted(() -> {
            Map<String, String> text = new TreeMap<>();
            routes.map().forEach((node, route) -> text.put(node, text(route.ways())));
            assertThat(text).isEqualTo(expected);
        });
    }

    @Test
    void services_come_and_go_and_are_dialled_by_their_keys() throws Exception {
        net.start(net.relay("relay1"));
        CulvertNode edge = agent("edge7", "relay1");
        CulvertNode laptop = agent("laptop", "relay1");
        bind(edge, "web");
        try (LiveMap<Address, ServiceRoute> services = laptop.services();
                Changes<Address, ServiceRoute> changes = services.changes()) {
            assertThat(services.awaitComplete(Net.PATIENCE)).isTrue();
            assertThat(text(services)).containsExactly(Map.entry("edge7.web", "through relay1"));
            Address web = changes.next().key();
            laptop.dial(web, DialOptions.DEFAULT).close();

            Binding second = bind(edge, "web2");
            edge.bind(
                    "",
                    BindOptions.DEFAULT.withPort(7),
                    stream -> stream.output().write(1));
            bind(laptop, "own");
            shows(
                    services,
                    Map.of(
                            "edge7.web", "through relay1",
                            "edge7.web2", "through relay1",
                            "edge7:7", "through relay1",
                            "laptop.own", "direct"));
            second.close();
            await().atMost(Net.PATIENCE).until(() -> !text(services).containsKey("edge7.web2"));
            List<Change<Address, ServiceRoute>> told = new ArrayList<>();
            for (Change<Address, ServiceRoute> one = changes.poll(Duration.ZERO); one != null; ) {
                told.add(one);
                one = changes.poll(Duration.ZERO);
            }
            Map<Address, ServiceRoute> sum = new TreeMap<>(Comparator.comparing(Address::toString));
            sum.put(web, services.map().get(web));
            told.stream().filter(one -> one.now() != null).forEach(one -> sum.put(one.key(), one.now()));
            assertThat(sum).containsExactlyInAnyOrderEntriesOf(services.map());
        }
    }

    @Test
    void patterns_choose_services_and_nodes() throws Exception {
        net.start(net.relay("relay1"));
        CulvertNode edge = agent("edge7", "relay1");
        CulvertNode laptop = agent("laptop", "relay1");
        bind(edge, "web");
        bind(edge, "echo");
        try (LiveMap<Address, ServiceRoute> some = laptop.services("we*,nothing");
                LiveMap<String, NodeRoute> edges = laptop.routes("edge*")) {
            shows(some, Map.of("edge7.web", "through relay1"));
            reaches(edges, Map.of("edge7", "through relay1"));
            assertThat(some.awaitComplete(Net.PATIENCE)).isTrue();
        }
        assertThatThrownBy(() -> laptop.services("a b,,")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_relay_that_is_lost_takes_what_it_told_with_it_and_brings_it_back() throws Exception {
        CulvertNode other = CulvertNode.start(net.relay("relay2"), NodeListener.NONE, net.loops);
        bind(other, "web");
        CulvertNode watcher = agent("watcher", "relay2");
        LiveMap<Address, ServiceRoute> services = watcher.services();
        LiveMap<String, NodeRoute> routes = watcher.routes();
        shows(services, Map.of("relay2.web", "direct"));
        reaches(routes, Map.of("relay2", "direct"));
        other.close();
        shows(services, Map.of());
        reaches(routes, Map.of());
        assertThat(services.awaitComplete(Duration.ofMillis(10))).isFalse();
        CulvertNode again = net.start(net.relay("relay2"));
        bind(again, "web2");
        shows(services, Map.of("relay2.web2", "direct"));
        reaches(routes, Map.of("relay2", "direct"));
        assertThat(services.awaitComplete(Net.PATIENCE)).isTrue();
    }

    @Test
    void ways_name_the_relays_on_them_and_each_end_sees_its_own() throws Exception {
        CulvertNode first = net.start(router("relay1"));
        net.start(router("relay2", "relay1"));
        CulvertNode third = net.start(router("relay3", "relay2"));
        CulvertNode left = agent("edge1", "relay1");
        CulvertNode right = agent("edge3", "relay3");
        bind(right, "web-right");
        bind(third, "own");
        LiveMap<Address, ServiceRoute> services = left.services();
        shows(
                services,
                Map.of("edge3.web-right", "through relay1, relay2, relay3", "relay3.own", "through relay1, relay2"));
        reaches(
                left.routes(),
                Map.of(
                        "edge3",
                        "through relay1, relay2, relay3",
                        "relay1",
                        "direct",
                        "relay3",
                        "through relay1, relay2"));
        reaches(
                first.routes(),
                Map.of(
                        "edge1",
                        "direct",
                        "edge3",
                        "through relay2, relay3",
                        "relay2",
                        "direct",
                        "relay3",
                        "through relay2"));
        reaches(third.routes(), Map.of("edge3", "direct", "relay2", "direct"));
        shows(first.services(), Map.of("edge3.web-right", "through relay2, relay3", "relay3.own", "through relay2"));
        assertThat(services.map().get(Address.at("relay3", "own")).ways().get(0).hops())
                .isEqualTo(2);
    }

    @Test
    void all_nodes_of_a_service_are_dialled_and_those_that_refuse_are_named() throws Exception {
        net.start(net.relay("relay1"));
        BindOptions shared = BindOptions.DEFAULT.withShared(true);
        for (String name : List.of("edge1", "edge2")) {
            agent(name, "relay1").bind("web", shared, stream -> stream.output().write(name.getBytes(UTF_8)));
        }
        agent("edge3", "relay1").bind("web", shared.withMode(StreamMode.CALLS), stream -> {});
        CulvertNode laptop = agent("laptop", "relay1");
        DialOptions options = DialOptions.DEFAULT.withTimeout(Duration.ofSeconds(20));
        Dialled dialled = laptop.dialAll("web", options);
        assertThat(dialled.streams().keySet()).containsExactly("edge1", "edge2");
        for (Map.Entry<String, Stream> each : dialled.streams().entrySet()) {
            assertThat(new String(each.getValue().input().readAllBytes(), UTF_8))
                    .isEqualTo(each.getKey());
        }
        assertThat(dialled.failures()).containsOnlyKeys("edge3");
        assertThat(dialled.failures().get("edge3").code()).isEqualTo(ErrorCode.PROTOCOL);
        dialled.close();
        assertThatThrownBy(() -> laptop.dialAll("web-nobody", options))
                .isInstanceOfSatisfying(
                        DialException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_SERVICE));
    }

    @Test
    void a_node_at_two_relays_is_reached_by_both() throws Exception {
        CulvertNode one = CulvertNode.start(net.relay("relay1"), NodeListener.NONE, net.loops);
        net.start(net.relay("relay2"));
        CulvertNode edge = agent("edge7", "relay1", "relay2");
        CulvertNode laptop = agent("laptop", "relay1", "relay2");
        bind(edge, "web");
        LiveMap<Address, ServiceRoute> services = laptop.services();
        shows(services, Map.of("edge7.web", "through relay1; through relay2"));
        one.close();
        shows(services, Map.of("edge7.web", "through relay2"));
    }

    @Test
    void a_node_that_closes_ends_its_maps_and_their_readers() throws Exception {
        net.start(net.relay("relay1"));
        CulvertNode laptop = CulvertNode.start(net.agent("laptop", "relay1"), NodeListener.NONE, net.loops);
        laptop.awaitLink(Net.PATIENCE);
        LiveMap<String, NodeRoute> routes = laptop.routes();
        Changes<String, NodeRoute> changes = routes.changes();
        assertThat(changes.next().key()).isEqualTo("relay1");
        CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(changes::hasNext, Net.THREADS);
        laptop.close();
        assertThat(waiting.get()).isFalse();
        assertThat(routes.map()).isEmpty();
        assertThat(routes.awaitComplete(Net.PATIENCE)).isFalse();
        assertThatThrownBy(laptop::services).isInstanceOf(IllegalStateException.class);
        routes.close();
    }

    @Test
    void closed_maps_give_their_places_at_the_relay_to_others() throws Exception {
        net.start(net.relay("relay1"));
        CulvertNode laptop = agent("laptop", "relay1");
        for (int i = 0; i < 2 * WatchService.MAX_PER_SESSION; i++) {
            try (LiveMap<Address, ServiceRoute> services = laptop.services()) {
                assertThat(services.awaitComplete(Net.PATIENCE)).isTrue();
            }
        }
        List<LiveMap<Address, ServiceRoute>> many = new ArrayList<>();
        for (int i = 0; i < WatchService.MAX_PER_SESSION; i++) {
            many.add(laptop.services());
            assertThat(many.get(i).awaitComplete(Net.PATIENCE)).isTrue();
        }
        assertThat(laptop.services().awaitComplete(Duration.ofMillis(300))).isFalse();
    }
}
