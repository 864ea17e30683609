package dev.culvert.node;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The contract with both ends at one node. */
final class OwnSocketTest extends SocketContract {
    private final Net net = new Net();
    private CulvertNode node;

    @BeforeEach
    @Override
    void connect() throws IOException {
        node = net.start(net.agent("edge7"));
        super.connect();
    }

    @AfterEach
    @Override
    void close() throws IOException {
        super.close();
        net.close();
    }

    @Override
    ServerSocket listen() throws IOException {
        return node.serverSocket("echo");
    }

    @Override
    ServerSocket unbound() throws IOException {
        return node.serverSocketFactory().createServerSocket();
    }

    @Override
    Socket socket() throws IOException {
        return node.socketFactory().createSocket();
    }

    @Override
    SocketAddress placeOf(ServerSocket server) {
        return InetSocketAddress.createUnresolved(server.getInetAddress().getHostName(), 80);
    }

    @Override
    SocketAddress freePlace() {
        return InetSocketAddress.createUnresolved("free", 0);
    }
}
