package dev.culvert.api.net;

import dev.culvert.api.DialOptions;
import dev.culvert.api.Node;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes {@link CulvertSocket}s: a host is an {@linkplain dev.culvert.api.Address address} of ours, its port and local addresses do not
 * matter. <em>Immutable.</em> Factories of one node with equal options are equal, as pools of connections need it.
 */
public final class CulvertSocketFactory extends SocketFactory {
    private final Node node;
    private final DialOptions options;

    /** @param options of every dial */
    public CulvertSocketFactory(Node node, DialOptions options) {
        this.node = node;
        this.options = options;
    }

    @Override
    public Socket createSocket() throws IOException {
        return CulvertSocket.unconnected(node, options);
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return connected(InetSocketAddress.createUnresolved(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return createSocket(host, port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return connected(new InetSocketAddress(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) throws IOException {
        return createSocket(host, port);
    }

    private Socket connected(InetSocketAddress place) throws IOException {
        Socket socket = createSocket();
        try {
            socket.connect(place);
            return socket;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CulvertSocketFactory factory && factory.node == node && factory.options.equals(options);
    }

    @Override
    public int hashCode() {
        return 31 * System.identityHashCode(node) + options.hashCode();
    }
}
