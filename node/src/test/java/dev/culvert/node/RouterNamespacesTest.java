package dev.culvert.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.culvert.api.Address;
import dev.culvert.api.DialException;
import dev.culvert.api.DialOptions;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.Stream;
import dev.culvert.link.LinkTiming;
import dev.culvert.link.RelayTarget;
import dev.culvert.link.transport.ConnectOptions;
import dev.culvert.link.transport.LinkPortOptions;
import dev.culvert.policy.Authenticator;
import dev.culvert.policy.NamePatterns;
import dev.culvert.policy.PortRange;
import dev.culvert.policy.Principal;
import dev.culvert.policy.Scope;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Relays route the names of each namespace for which they have an invitation, over a link for each, and never mix them. [ROUTE-11] */
@Timeout(60)
final class RouterNamespacesTest {
    private final Net net = new Net();

    @AfterEach
    void close() {
        net.close();
    }

    /** What a node shows is the namespace that it gets; relays may route in it. */
    private static Authenticator namespaces() {
        return claim -> new Authenticator.Accepted(
                Principal.ofKey(claim.publicKey()),
                new Scope(
                        claim.bearer(),
                        NamePatterns.ALL,
                        NamePatterns.ALL,
                        PortRange.NONE,
                        claim.node().startsWith("relay")),
                Long.MAX_VALUE);
    }

    private NodeConfig node(String name, String relay, String... namespaces) {
        NodeConfig config = NodeConfig.of(new NodeIdentity(net.key(name), name, ""));
        for (String namespace : namespaces) {
            RelayTarget target =
                    new RelayTarget(net.endpoint(relay), net.key(relay).publicKey());
            config = config.withLink(new LinkConfig(
                    List.of(target),
                    null,
                    namespace,
                    ConnectOptions.DEFAULT,
                    new LinkTiming(5_000, 50, 200, 1_000, 1_000)));
        }
        return config;
    }

    private CulvertNode relay(String name, String other, String... namespaces) throws IOException {
        return net.start(node(name, other, namespaces)
                .withListen(new ListenConfig(
                        List.of(net.endpoint(name)),
                        LinkPortOptions.DEFAULT.withClear(true),
                        namespaces(),
                        "127.0.0.1")));
    }

    private CulvertNode agent(String name, String relay, String namespace) throws IOException {
        CulvertNode agent = net.start(node(name, relay, namespace));
        agent.awaitLink(Net.PATIENCE);
        return agent;
    }

    private void serve(String name, String relay, String namespace, String service) throws IOException {
        agent(name, relay, namespace)
                .bind(service, stream -> stream.output().write((name + " in " + namespace).getBytes(UTF_8)));
    }

    private static String dial(CulvertNode from, String address) throws IOException {
        try (Stream stream =
                from.dial(Address.parse(address), DialOptions.DEFAULT.withTimeout(Duration.ofSeconds(5)))) {
            return new String(stream.input().readAllBytes(), UTF_8);
        }
    }

    private static void reached(CulvertNode from, String address, String by) {
        await().atMost(Net.PATIENCE)
                .ignoreExceptionsInstanceOf(DialException.class)
                .untilAsserted(() -> assertThat(dial(from, address)).isEqualTo(by));
    }

    private static ErrorCode refusal(CulvertNode from, String address) {
        return catchThrowableOfType(DialException.class, () -> dial(from, address))
                .code();
    }

    /** All that a node is told to be there, once the relay has told the beginning. */
    private static Set<String> watched(CulvertNode node) {
        Set<String> names = new ConcurrentSkipListSet<>();
        node.watch("*", new ServiceWatcher() {
            @Override
            public void onOffered(OfferedService offered) {
                names.add(offered.address().toString());
            }

            @Override
            public void onGone(OfferedService offered) {
                names.remove(offered.address().toString());
            }

            @Override
            public void onSynced(String relay) {
                names.add("synced");
            }

            @Override
            public void onLost(String relay, ErrorCode code, String text) {}
        });
        await().atMost(Net.PATIENCE).until(() -> names.contains("synced"));
        return new TreeSet<>(names);
    }

    @Test
    void names_of_each_namespace_are_reached_over_a_link_of_that_namespace_and_seen_in_no_other() throws IOException {
        relay("relay1", "", new String[0]);
        relay("relay2", "relay1", "red", "blue");
        relay("relay3", "relay2", "red", "blue");
        serve("edge-red", "relay1", "red", "web");
        serve("edge-blue", "relay1", "blue", "web");
        serve("edge-only", "relay1", "red", "only-red");
        serve("edge-green", "relay1", "green", "web");
        CulvertNode red = agent("laptop-red", "relay3", "red");
        CulvertNode blue = agent("laptop-blue", "relay3", "blue");
        CulvertNode green = agent("laptop-green", "relay3", "green");

        reached(red, "web", "edge-red in red");
        reached(blue, "web", "edge-blue in blue");
        reached(red, "only-red", "edge-only in red");
        reached(blue, "edge-blue.web", "edge-blue in blue");

        assertThat(refusal(blue, "only-red")).isEqualTo(ErrorCode.UNKNOWN_SERVICE);
        assertThat(refusal(blue, "edge-red.web")).isEqualTo(ErrorCode.UNKNOWN_SERVICE);
        assertThat(refusal(blue, "only-red@red")).isEqualTo(ErrorCode.DENIED);
        assertThat(refusal(green, "web")).isEqualTo(ErrorCode.UNKNOWN_SERVICE);
        assertThat(refusal(green, "only-red")).isEqualTo(ErrorCode.UNKNOWN_SERVICE);
        assertThat(watched(red)).containsExactly("edge-only.only-red", "edge-red.web", "synced");
        assertThat(watched(blue)).containsExactly("edge-blue.web", "synced");
        assertThat(watched(green)).containsExactly("synced");
    }

    @Test
    void a_node_and_a_name_may_be_had_in_each_namespace_by_another_owner() throws IOException {
        relay("relay1", "", new String[0]);
        relay("relay2", "relay1", "red", "blue");
        serve("edge7", "relay1", "red", "web");
        reached(agent("laptop-red", "relay2", "red"), "edge7.web", "edge7 in red");

        serve("edge8", "relay2", "blue", "web");

        reached(agent("laptop-blue", "relay1", "blue"), "edge8.web", "edge8 in blue");
        reached(agent("other-red", "relay2", "red"), "web", "edge7 in red");
    }
}
