package dev.culvert.node;

import dev.culvert.api.Address;
import dev.culvert.api.BindOptions;
import dev.culvert.api.Binding;
import dev.culvert.api.DialOptions;
import dev.culvert.api.Node;
import dev.culvert.api.Stream;
import dev.culvert.api.StreamAcceptor;
import dev.culvert.api.StreamListener;
import dev.culvert.link.transport.Endpoint;
import dev.culvert.link.transport.Loops;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** A node with all that its configuration says: relay, agent, or both. Any thread. */
public final class CulvertNode implements Node {
    private CulvertNode() {}

    /**
     * Starts a node on loops of its own. Returns when all local sockets listen; links come up in the background.
     *
     * @throws IOException if a port is in use or may not be opened; one line with the address and the next step
     */
    public static CulvertNode start(NodeConfig config, NodeListener listener) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** As {@link #start(NodeConfig, NodeListener)}, on loops that several nodes share and the caller closes. */
    public static CulvertNode start(NodeConfig config, NodeListener listener, Loops loops) throws IOException {
        throw new UnsupportedOperationException();
    }

    @Override
    public String name() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void awaitLink(Duration timeout) throws IOException {
        throw new UnsupportedOperationException();
    }

    @Override
    public Stream dial(Address address, DialOptions options) throws IOException {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Stream> dialAsync(Address address, DialOptions options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public StreamListener bind(String service, BindOptions options) throws IOException {
        throw new UnsupportedOperationException();
    }

    @Override
    public Binding bind(String service, BindOptions options, StreamAcceptor acceptor) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Offers one more service that leads to a local target; as {@link #bind(String, BindOptions)}. */
    public Binding expose(ExposedService service) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Opens one more local socket that dials a name. Returns where it listens. */
    public SocketAddress enter(LocalEntry entry) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Where links are taken, with the ports that the system chose. */
    public List<Endpoint> listening() {
        throw new UnsupportedOperationException();
    }

    /** Where local entries listen, in the order of the configuration. */
    public List<SocketAddress> entries() {
        throw new UnsupportedOperationException();
    }

    /** What goes on now. */
    public NodeStatus status() {
        throw new UnsupportedOperationException();
    }

    /** The same as one JSON object. */
    public String statusJson() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int drain(Duration grace) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
