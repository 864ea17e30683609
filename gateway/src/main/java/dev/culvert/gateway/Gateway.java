package dev.culvert.gateway;

import dev.culvert.node.Entrance;
import dev.culvert.node.LocalConnection;
import java.time.InstantSource;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The door for plain HTTP. Opened with {@link dev.culvert.node.CulvertNode#enter}; one instance serves one node. Any thread.
 */
public final class Gateway implements Entrance {
    private final GatewayParts parts;

    /**
     * @param node the name of the node that it belongs to, for Via and for errors
     * @param log is told of every request
     * @param random makes the ids of requests; any thread may use it
     */
    public Gateway(
            String node,
            GatewayOptions options,
            Access access,
            AccessLog log,
            InstantSource clock,
            RandomGenerator random) {
        this.parts = new GatewayParts(node, options, access, log, clock, random);
    }

    @Override
    public void onConnection(LocalConnection connection) {
        ProxyHeaderReader.await(connection, parts.options(), () -> greet(connection));
    }

    private void greet(LocalConnection connection) {
        if (parts.enter(connection)) {
            connection.channel().pipeline().addFirst(new VersionChoice(parts, new StreamConnector(connection), false));
        }
    }

    /**
     * The same gateway behind a door with TLS, to be opened with {@link dev.culvert.node.CulvertNode#enter} as well.
     *
     * @param certificates asked for on every handshake, on event loops
     */
    public Entrance secure(Supplier<Certificates> certificates) {
        return new SecureGateway(parts, certificates);
    }

    /**
     * A door at which Prometheus reads what this gateway counts, to be opened with {@link dev.culvert.node.CulvertNode#enter} where only operators
     * come: it names services, and asks for no credential.
     */
    public Entrance metrics() {
        return new MetricsDoor(parts.metrics()::text);
    }

    /** From now on clients of backstream are taken here. */
    public void take(Backstream backstream) {
        parts.take(backstream);
    }

    @Override
    public int maxConnections() {
        return parts.options().limits().connections();
    }

    /** Asks clients to go: each open connection ends with its next response, idle ones at once. */
    public void drain() {
        parts.drain();
    }

    @Override
    public String toString() {
        return "http";
    }
}
