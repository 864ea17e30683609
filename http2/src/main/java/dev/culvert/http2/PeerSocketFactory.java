package dev.culvert.http2;

import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.function.LongFunction;
import javax.net.SocketFactory;

/** Makes sockets that lead to a peer, whatever host and port they are given. <em>Immutable.</em> */
final class PeerSocketFactory extends SocketFactory {
    private final LongFunction<Future<Connection>> dialler;
    private final long timeoutMillis;

    /**
     * @param dialler dials within so many milliseconds, 0 for no limit
     * @param timeoutMillis for sockets that set none themselves
     */
    PeerSocketFactory(LongFunction<Future<Connection>> dialler, long timeoutMillis) {
        this.dialler = dialler;
        this.timeoutMillis = timeoutMillis;
    }

    @Override
    public Socket createSocket() throws IOException {
        return new ConnectionSocket(dialler, timeoutMillis);
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return connected();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        return connected();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return connected();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) throws IOException {
        return connected();
    }

    private Socket connected() throws IOException {
        Socket socket = createSocket();
        socket.connect(InetSocketAddress.createUnresolved("peer", 0));
        return socket;
    }
}
