package dev.culvert.node;

import dev.culvert.api.BindOptions;
import dev.culvert.api.ErrorCode;
import dev.culvert.link.LinkTiming;
import dev.culvert.link.RelayTarget;
import dev.culvert.link.transport.ConnectOptions;
import dev.culvert.link.transport.Endpoint;
import dev.culvert.link.transport.LinkPortOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One process of a simulation: a whole node from its start to its end. Owned by the simulation's thread. */
final class SimNode implements NodeListener {
    final SimHost host;
    final String id;
    private final SimSystem system;
    private final NodeConfig config;
    private final NodeParts parts;
    private final List<SimEcho> echoes = new ArrayList<>();
    private boolean running = true;
    private boolean leaving;

    SimNode(SimSystem system, SimHost host, String id) {
        this.system = system;
        this.host = host;
        this.id = id;
        this.config = config();
        this.parts = NodeParts.wire(config, this, system.surroundings(id), () -> {});
    }

    private NodeConfig config() {
        NodeConfig plain = NodeConfig.of(new NodeIdentity(host.key(), host.name(), "default"))
                .withLimits(system.limits)
                .withMux(system.mux);
        for (SimHost relay : host.relays()) {
            RelayTarget target = new RelayTarget(
                    new Endpoint.Memory(relay.name()), relay.key().publicKey());
            plain = plain.withLink(
                    new LinkConfig(List.of(target), null, null, ConnectOptions.DEFAULT, LinkTiming.DEFAULT));
        }
        return host.listens()
                ? plain.withListen(new ListenConfig(
                        List.of(new Endpoint.Memory(host.name())),
                        LinkPortOptions.DEFAULT.withClear(true),
                        system.authenticator,
                        "127.0.0.1"))
                : plain;
    }

    SimNode start() {
        try {
            parts.begin();
            system.net.runDue();
            parts.offer(config);
            for (String service : host.services()) {
                SimEcho echo = system.echo(this);
                echoes.add(echo);
                BindOptions options = BindOptions.DEFAULT.withShared(SimHost.isShared(service));
                parts.bindings().bind(service, options, echo);
            }
            parts.listen(config);
            system.net.runDue();
            parts.link(config);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    NodeParts parts() {
        return parts;
    }

    /** Whether it has not ended; it may be about to leave. */
    boolean isRunning() {
        return running;
    }

    boolean isLeaving() {
        return leaving;
    }

    /** Ends in order, without a wait. */
    void close() {
        running = false;
        parts.close();
    }

    /** The process dies; its system resets or finishes its connections, or the machine loses its power and nobody is told. */
    void crash(int how) {
        for (SimCable cable : system.cables()) {
            if (cable.joins(this) && cable.isOpen()) {
                switch (how) {
                    case 0 -> cable.cut();
                    case 1 -> cable.finish(cable.dialler == this);
                    default -> cable.abandon();
                }
            }
        }
        close();
    }

    /** Takes leave; {@link #close} follows when all have gone. */
    void drain(Duration grace) {
        leaving = true;
        parts.leave(grace).thenRun(() -> system.later(this::close));
    }

    @Override
    public void onPeerUp(String node, String principal, String remoteAddress) {
        system.log("%s: %s is up", this, node);
        system.invariants.onPeerUp(this, node);
    }

    @Override
    public void onPeerDown(String node, ErrorCode code, String reason) {
        system.log("%s: %s is down, %s %s", this, node, code, reason);
    }

    @Override
    public void onLinkRetry(String relay, ErrorCode code, String reason, long delayNanos) {
        system.log("%s: retry %s, %s %s", this, relay, code, reason);
    }

    @Override
    public void onLinkRefused(String relay, ErrorCode code, String reason) {
        system.fail("%s: link to %s is over, %s %s", this, relay, code, reason);
    }

    @Override
    public void onServiceRefused(String relay, String service, ErrorCode code, String text) {
        system.log("%s: %s refused by %s, %s %s", this, service, relay, code, text);
    }

    @Override
    public String toString() {
        return id;
    }
}
