package dev.culvert.node;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;

/** The oracle: the contract says nothing that the JDK's sockets do not do. */
final class JdkSocketTest extends SocketContract {
    @Override
    ServerSocket listen() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @Override
    ServerSocket unbound() throws IOException {
        return new ServerSocket();
    }

    @Override
    Socket socket() {
        return new Socket();
    }

    @Override
    SocketAddress placeOf(ServerSocket server) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort());
    }

    @Override
    SocketAddress freePlace() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }
}
