package dev.culvert.http2;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;

/** Plain sockets that say what a test wants them to. */
final class Sockets {
    private Sockets() {}

    static Socket connect(SocketAddress to) throws IOException {
        InetSocketAddress address = (InetSocketAddress) to;
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(10_000);
        socket.setTcpNoDelay(true);
        return socket;
    }

    static void say(Socket socket, byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    static void say(Socket socket, String text) throws IOException {
        say(socket, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    static String hear(Socket socket, int count) throws IOException {
        return new String(socket.getInputStream().readNBytes(count), StandardCharsets.ISO_8859_1);
    }
}
