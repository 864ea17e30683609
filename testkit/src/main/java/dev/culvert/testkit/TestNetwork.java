package dev.culvert.testkit;

import dev.culvert.api.Node;
import dev.culvert.api.NodeOptions;
import dev.culvert.link.LinkTiming;
import dev.culvert.link.RelayTarget;
import dev.culvert.link.transport.ConnectOptions;
import dev.culvert.link.transport.Endpoint;
import dev.culvert.link.transport.LinkPortOptions;
import dev.culvert.link.transport.Loops;
import dev.culvert.mux.MuxOptions;
import dev.culvert.node.CulvertEngine;
import dev.culvert.node.LinkConfig;
import dev.culvert.node.ListenConfig;
import dev.culvert.node.NodeConfig;
import dev.culvert.policy.IdentityKey;
import dev.culvert.policy.InsecureAuthenticator;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Nodes in this process, over pipes in memory instead of sockets, with all that they do elsewhere: keys, handshakes, flow control, relaying.
 * Anybody may link, offer and dial every name. Each node reaches each relay through a {@link TestLink}, which fails as it is told. Patience is
 * short, so that tests are: a lost link is retried within a fifth of a second, a silent one is given up after two and a half seconds.
 *
 * <pre>{@code
 * try (TestNetwork network = TestNetwork.start()) {
 *     network.relay("relay1");
 *     Node edge = network.node("edge7");
 *     edge.bind("echo", stream -> stream.input().transferTo(stream.output()));
 *     Stream stream = network.node("laptop").dial("edge7.echo");
 *     network.link("edge7", "relay1").cut();
 * }
 * }</pre>
 *
 * Any thread. Closing it closes its nodes.
 */
public final class TestNetwork implements AutoCloseable {
    /** How long {@link #node(String)} waits for a link. */
    public static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final LinkTiming HASTY = new LinkTiming(5_000, 20, 200, 1_000, 1_000);
    private static final long KEEP_ALIVE_NANOS = Duration.ofSeconds(1).toNanos();
    private static final AtomicInteger NETWORKS = new AtomicInteger();

    private final int number = NETWORKS.incrementAndGet();
    private final Loops loops = Loops.start("culvert-test-" + number, 2);
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, IdentityKey> relays = new LinkedHashMap<>();
    private final Map<String, IdentityKey> keys = new LinkedHashMap<>();
    private final Map<String, TestLink> links = new LinkedHashMap<>();
    private final Deque<Node> nodes = new ArrayDeque<>();

    private TestNetwork() {}

    /** A network without nodes. */
    public static TestNetwork start() {
        return new TestNetwork();
    }

    /** A network with one relay, called {@code relay1}. */
    public static TestNetwork withRelay() {
        TestNetwork network = start();
        try {
            network.relay("relay1");
            return network;
        } catch (IOException e) {
            network.close();
            throw new IllegalStateException("a relay in memory did not start", e);
        }
    }

    /** Starts a relay, and links it to the relays that are there already. */
    public Node relay(String name) throws IOException {
        return relay(NodeOptions.DEFAULT.withName(name));
    }

    /** As {@link #relay(String)}, with options: hooks, validators. A name must be among them. */
    public Node relay(NodeOptions options) throws IOException {
        lock.lock();
        try {
            Node node = start(options, true);
            relays.put(options.name(), key(options.name()));
            return node;
        } finally {
            lock.unlock();
        }
    }

    /** Starts a node with links to all relays that are there, and waits for the first. */
    public Node node(String name) throws IOException {
        Node node = node(NodeOptions.DEFAULT.withName(name));
        node.awaitLink(PATIENCE);
        return node;
    }

    /**
     * As {@link #node(String)}, with options: hooks, identity, validators; does not wait for a link. A name must be among them. A node of a
     * name that was used before has the same key: it is the same node, started again.
     */
    public Node node(NodeOptions options) throws IOException {
        lock.lock();
        try {
            return start(options, false);
        } finally {
            lock.unlock();
        }
    }

    /**
     * The link between a node and a relay.
     *
     * @throws IllegalArgumentException if there is none
     */
    public TestLink link(String node, String relay) {
        lock.lock();
        try {
            TestLink link = links.get(node + " " + relay);
            if (link == null) {
                throw new IllegalArgumentException(
                        "no link between '" + node + "' and '" + relay + "' (expected: one of " + links.keySet() + ")");
            }
            return link;
        } finally {
            lock.unlock();
        }
    }

    private Node start(NodeOptions options, boolean relay) throws IOException {
        String name = options.name();
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a node without a name (expected: NodeOptions.withName)");
        }
        Node node = CulvertEngine.start(options, key(name), loops, config -> wire(config, name, relay));
        nodes.addFirst(node);
        return node;
    }

    private IdentityKey key(String name) {
        return keys.computeIfAbsent(name, unknown -> IdentityKey.generate());
    }

    private NodeConfig wire(NodeConfig options, String name, boolean relay) {
        NodeConfig config = options.withMux(MuxOptions.DEFAULT.withKeepAliveNanos(KEEP_ALIVE_NANOS));
        for (String each : relays.keySet()) {
            if (!each.equals(name)) {
                config = config.withLink(new LinkConfig(
                        List.of(new RelayTarget(cable(name, each), key(each).publicKey())),
                        null,
                        null,
                        ConnectOptions.DEFAULT,
                        HASTY));
            }
        }
        return relay
                ? config.withListen(new ListenConfig(
                        List.of(new Endpoint.Memory(address(name))),
                        LinkPortOptions.DEFAULT.withClear(true),
                        new InsecureAuthenticator(),
                        "127.0.0.1"))
                : config;
    }

    private Endpoint cable(String node, String relay) {
        TestLink link = links.computeIfAbsent(
                node + " " + relay, unknown -> TestLink.lay(loops, address(node + "~" + relay), address(relay)));
        return link.endpoint();
    }

    private String address(String name) {
        return "culvert-test-" + number + "-" + name;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            nodes.forEach(Node::close);
            nodes.clear();
            links.values().forEach(TestLink::close);
            links.clear();
            loops.close();
        } finally {
            lock.unlock();
        }
    }
}
