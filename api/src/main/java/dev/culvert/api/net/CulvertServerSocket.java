package dev.culvert.api.net;

import dev.culvert.api.Address;
import dev.culvert.api.DialOptions;
import dev.culvert.api.Node;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;

/**
 * A {@link ServerSocket} that offers a service: its sockets are the callers. Any thread. As the JDK's, with these notes:
 *
 * <ul>
 *   <li>{@link #bind} takes the service's name as the host name, resolved or not, and registers it; the wildcard address with a port stands
 *       for that virtual port. Names and ports are never assigned: one of them must be given.
 *   <li>It fails with {@link java.net.BindException} if a relay refuses; the {@link dev.culvert.api.RegistrationException} is the cause.
 *   <li>The backlog is kept: callers beyond it are refused BUSY.
 *   <li>{@link #getLocalPort} is the virtual port, or 0. SO_TIMEOUT holds for {@link #accept}, other options have no effect.
 * </ul>
 */
public final class CulvertServerSocket extends ServerSocket {
    private final Node node;

    private CulvertServerSocket(Node node) {
        super(new SocketOverListener(node));
        this.node = node;
    }

    /** One that is not bound yet. */
    static CulvertServerSocket unbound(Node node) {
        return new CulvertServerSocket(node);
    }

    /**
     * Offers a service.
     *
     * @param service its name, taken literally
     * @throws java.net.BindException if a relay refuses
     */
    public static CulvertServerSocket offer(Node node, String service) throws IOException {
        Address.requireServiceName(service);
        CulvertServerSocket socket = new CulvertServerSocket(node);
        try {
            socket.bind(InetSocketAddress.createUnresolved(service, 0));
            return socket;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public void bind(SocketAddress endpoint, int backlog) throws IOException {
        super.bind(endpoint instanceof InetSocketAddress place ? NamedAddress.of(place) : endpoint, backlog);
    }

    @Override
    public Socket accept() throws IOException {
        if (isClosed()) {
            throw new SocketException("Socket is closed");
        }
        if (!isBound()) {
            throw new SocketException("Socket is not bound yet");
        }
        CulvertSocket socket = CulvertSocket.unconnected(node, DialOptions.DEFAULT);
        implAccept(socket);
        return socket;
    }
}
