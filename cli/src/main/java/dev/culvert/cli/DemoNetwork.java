package dev.culvert.cli;

import dev.culvert.link.LinkTiming;
import dev.culvert.link.transport.Endpoint;
import dev.culvert.mux.MuxOptions;
import dev.culvert.node.ExposedService;
import dev.culvert.node.LinkConfig;
import dev.culvert.node.NodeConfig;
import dev.culvert.node.NodeIdentity;
import dev.culvert.node.NodeListener;
import dev.culvert.node.Target;
import dev.culvert.policy.Grant;
import dev.culvert.policy.IdentityKey;
import dev.culvert.policy.JoinString;
import dev.culvert.policy.NamePatterns;
import dev.culvert.policy.PortRange;
import dev.culvert.policy.Scope;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * A relay, an agent behind a {@link Cable}, an HTTP service beside the agent, and a caller: all in this process, over real sockets on
 * loopback. Its patience is short, so that a loss is noticed in a second instead of 25. Belongs to the main thread.
 */
final class DemoNetwork implements AutoCloseable {
    static final String AGENT = "edge7";
    private static final LinkTiming HASTY = new LinkTiming(2_000, 200, 400, 30_000, 1_000);
    private static final long KEEP_ALIVE_NANOS = Duration.ofMillis(700).toNanos();

    private final Surroundings surroundings;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final DemoEvents agentEvents = new DemoEvents();
    private final DemoService service;
    private final RelayState relayState;
    private final RunningNode relay;
    private final Cable cable;
    private final RunningNode caller;

    /** @param folder is left to the caller, to delete */
    DemoNetwork(Surroundings surroundings, Path folder, String nonce) throws IOException, Failure {
        this.surroundings = surroundings;
        try {
            service = opened(DemoService.start(nonce));
            relayState = RelayState.open(folder.resolve("relay"), surroundings.clock(), List.of());
            relay = opened(startRelay());
            cable = opened(Cable.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), relayPort())));
            opened(startAgent());
            caller = opened(startCaller());
        } catch (IOException | Failure | RuntimeException e) {
            close();
            throw e;
        }
    }

    private <T extends AutoCloseable> T opened(T closeable) {
        open.push(closeable);
        return closeable;
    }

    private RunningNode startRelay() throws IOException, Failure {
        ListenOptions options = new ListenOptions();
        options.listen.add("127.0.0.1:0");
        options.publicHost = "127.0.0.1";
        RelayDoor door = opened(RelayDoor.open(surroundings, relayState, options, options.endpoints()));
        NodeConfig config = config(relayState.identity(), "relay").withListen(door.config());
        return surroundings.engine().start(config, NodeListener.NONE);
    }

    private RunningNode startAgent() throws IOException, Failure {
        Scope scope = scope(new NamePatterns(List.of("web")), NamePatterns.NONE);
        Target target = new Target.Tcp("127.0.0.1", service.port());
        NodeConfig config = config(IdentityKey.generate(), AGENT)
                .withLink(link(scope, cable.port()))
                .withService(ExposedService.of("web", target));
        return surroundings.engine().start(config, agentEvents);
    }

    private RunningNode startCaller() throws IOException, Failure {
        Scope scope = scope(NamePatterns.NONE, new NamePatterns(List.of("web")));
        NodeConfig config = config(IdentityKey.generate(), "laptop").withLink(link(scope, relayPort()));
        return surroundings.engine().start(config, NodeListener.NONE);
    }

    private static NodeConfig config(IdentityKey key, String name) {
        return NodeConfig.of(new NodeIdentity(key, name, Scope.DEFAULT_NAMESPACE))
                .withMux(MuxOptions.DEFAULT.withKeepAliveNanos(KEEP_ALIVE_NANOS));
    }

    private LinkConfig link(Scope scope, int port) throws Failure {
        long soon = surroundings.clock().millis() + Duration.ofMinutes(5).toMillis();
        InviteMaker maker = new InviteMaker(relayState, List.of("127.0.0.1:" + port));
        String text = maker.make(new Grant(scope, soon, soon, 1), "demo").text();
        return LinkConfig.of(JoinString.parse(text)).withTiming(HASTY);
    }

    private static Scope scope(NamePatterns register, NamePatterns dial) {
        return new Scope(Scope.DEFAULT_NAMESPACE, register, dial, PortRange.NONE, false);
    }

    private int relayPort() {
        return Endpoint.parse(relay.listening().get(0)) instanceof Endpoint.Tls tls ? tls.port() : 0;
    }

    String relayAddress() {
        return "127.0.0.1:" + relayPort();
    }

    int servicePort() {
        return service.port();
    }

    RunningNode relay() {
        return relay;
    }

    Cable cable() {
        return cable;
    }

    RunningNode caller() {
        return caller;
    }

    DemoEvents agentEvents() {
        return agentEvents;
    }

    /** Ends all, the youngest first. */
    @Override
    public void close() throws IOException {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (IOException | RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IOException(e);
            }
        }
    }
}
