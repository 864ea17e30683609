package dev.culvert.api.net;

import dev.culvert.api.Address;
import dev.culvert.api.DialOptions;
import dev.culvert.api.Node;
import dev.culvert.api.Stream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;

/**
 * A {@link Socket} whose far end is a service. Any thread. As the JDK's, with these notes:
 *
 * <ul>
 *   <li>{@link #connect} takes {@link InetSocketAddress}es, resolved or not, and dials their host name; what the port says does not matter.
 *   <li>A connect fails with {@link java.net.UnknownHostException} if there is no such service, {@link java.net.NoRouteToHostException} if
 *       nothing leads to it now, {@link java.net.SocketTimeoutException}, or {@link java.net.ConnectException}; the {@link
 *       dev.culvert.api.DialException} with code, node and next step is the cause.
 *   <li>{@link #getInetAddress} is a {@link NamedAddress} that has the dialled name; at the accepting end, the caller's principal.
 *   <li>SO_TIMEOUT, and SO_LINGER with zero seconds (a close resets), have their effect; other options are remembered and have none.
 *   <li>{@link #shutdownInput} is told to the other end, whose later writes fail; with TCP they would be thrown away.
 *   <li>There is no urgent data and no channel.
 * </ul>
 */
public final class CulvertSocket extends Socket {
    private final SocketOverStream over;

    private CulvertSocket(SocketOverStream over) throws SocketException {
        super(over);
        this.over = over;
    }

    /** One that is not connected yet. */
    static CulvertSocket unconnected(Node node, DialOptions options) throws SocketException {
        return new CulvertSocket(new SocketOverStream(node, options, null));
    }

    /**
     * Dials.
     *
     * @throws IOException as the class says of connects
     */
    public static CulvertSocket dial(Node node, Address address, DialOptions options) throws IOException {
        CulvertSocket socket = new CulvertSocket(new SocketOverStream(node, options, address));
        try {
            int port = address.port() > 0 && address.port() <= 0xffff ? address.port() : 0;
            socket.connect(InetSocketAddress.createUnresolved(address.toString(), port));
            return socket;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public void connect(SocketAddress endpoint, int timeoutMillis) throws IOException {
        super.connect(endpoint instanceof InetSocketAddress place ? NamedAddress.of(place) : endpoint, timeoutMillis);
    }

    /**
     * The stream below: who calls, headers, resets with a code, its end.
     *
     * @throws SocketException if the socket is not connected or closed
     */
    public Stream stream() throws SocketException {
        return over.stream();
    }
}
