package dev.culvert.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.api.DialException;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.Stream;
import dev.culvert.api.StreamAcceptor;
import dev.culvert.link.LinkTiming;
import dev.culvert.link.RelayTarget;
import dev.culvert.link.transport.ConnectOptions;
import dev.culvert.link.transport.Endpoint;
import dev.culvert.link.transport.LinkPortOptions;
import dev.culvert.link.transport.Loops;
import dev.culvert.policy.Authenticator;
import dev.culvert.policy.IdentityKey;
import dev.culvert.policy.NamePatterns;
import dev.culvert.policy.PortRange;
import dev.culvert.policy.Principal;
import dev.culvert.policy.Scope;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/** A few nodes in this process, over in-memory links, on loops that they share. */
public final class Net implements AutoCloseable {
    public static final Duration PATIENCE = Duration.ofSeconds(20);

    /** For what blocks beside a test: a thread for each task, since the common pool may have one only. */
    static final Executor THREADS = task -> {
        Thread thread = new Thread(task, "beside-the-test");
        thread.setDaemon(true);
        thread.start();
    };

    static final StreamAcceptor ECHO = stream -> stream.input().transferTo(stream.output());

    private static final AtomicInteger NETS = new AtomicInteger();

    final Loops loops = Loops.start("net", 2);
    private final int number = NETS.incrementAndGet();
    private final List<CulvertNode> nodes = new ArrayList<>();
    private final Map<String, IdentityKey> keys = new HashMap<>();

    /** Takes anybody who has a key; names that begin with {@code secret} may not be dialled. */
    static Authenticator anybody() {
        return claim -> new Authenticator.Accepted(
                claim.publicKey() == null ? Principal.ANONYMOUS : Principal.ofKey(claim.publicKey()),
                new Scope(
                        claim.namespace().isEmpty() ? "default" : claim.namespace(),
                        NamePatterns.ALL,
                        new NamePatterns(List.of("web*", "echo*", "greet*", "bulk*", ":*", "edge*", "own*", "nobody")),
                        new PortRange(20_000, 29_999),
                        claim.node().startsWith("relay")),
                Long.MAX_VALUE);
    }

    IdentityKey key(String name) {
        return keys.computeIfAbsent(name, n -> IdentityKey.generate());
    }

    Endpoint endpoint(String relay) {
        return new Endpoint.Memory("net" + number + "-" + relay);
    }

    NodeConfig relay(String name) {
        return relay(name, anybody());
    }

    public NodeConfig relay(String name, Authenticator authenticator) {
        return NodeConfig.of(new NodeIdentity(key(name), name, "default"))
                .withListen(new ListenConfig(
                        List.of(endpoint(name)), LinkPortOptions.DEFAULT.withClear(true), authenticator, "127.0.0.1"));
    }

    /** An agent with links to these relays. */
    NodeConfig agent(String name, String... relays) {
        NodeConfig config = NodeConfig.of(new NodeIdentity(key(name), name, ""));
        for (String relay : relays) {
            config = config.withLink(link(endpoint(relay), relay));
        }
        return config;
    }

    LinkConfig link(Endpoint endpoint, String relay) {
        return new LinkConfig(
                List.of(new RelayTarget(endpoint, key(relay).publicKey())),
                null,
                null,
                ConnectOptions.DEFAULT,
                new LinkTiming(5_000, 50, 200, 1_000, 1_000));
    }

    public CulvertNode start(NodeConfig config) throws IOException {
        return start(config, NodeListener.NONE);
    }

    CulvertNode start(NodeConfig config, NodeListener listener) throws IOException {
        CulvertNode node = CulvertNode.start(config, listener, loops);
        nodes.add(node);
        return node;
    }

    /** An agent with links to these relays, of which one is up. */
    public CulvertNode linked(String name, String... relays) throws IOException {
        CulvertNode node = start(agent(name, relays));
        node.awaitLink(PATIENCE);
        return node;
    }

    /** What comes back for this text. */
    static String roundTrip(CulvertNode caller, String address, String text) throws IOException {
        try (Stream stream = caller.dial(address)) {
            stream.readTimeout(Duration.ofSeconds(20));
            stream.output().write(text.getBytes(UTF_8));
            stream.finish();
            return new String(stream.input().readAllBytes(), UTF_8);
        }
    }

    static void refused(CulvertNode caller, String address, ErrorCode code, String hop) {
        assertThatThrownBy(() -> caller.dial(address)).isInstanceOfSatisfying(DialException.class, e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(e.hop()).isEqualTo(hop);
            assertThat(e.notDelivered()).isTrue();
        });
    }

    @Override
    public void close() {
        nodes.forEach(CulvertNode::close);
        loops.close();
    }
}
