package dev.culvert.node;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.culvert.node.proxy.Proxy;
import dev.culvert.node.proxy.ProxyOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A relay, an agent with services and a laptop with a proxy. */
final class ProxyNet implements AutoCloseable {
    final Net net = new Net();
    final CulvertNode relay;
    final CulvertNode edge;
    final CulvertNode laptop;
    /** Heads and bodies of the requests that services got. */
    final List<String> seen = new CopyOnWriteArrayList<>();

    ProxyNet() throws IOException {
        relay = net.start(net.relay("relay1"));
        edge = net.start(net.agent("edge7", "relay1"));
        laptop = net.start(net.agent("laptop", "relay1"));
        edge.awaitLink(Net.PATIENCE);
        laptop.awaitLink(Net.PATIENCE);
    }

    /** A service that answers each request with these bytes, and ends. */
    void serve(String name, String response) throws IOException {
        edge.bind(name, stream -> {
            seen.add(readRequest(stream.input()));
            stream.output().write(response.getBytes(ISO_8859_1));
        });
    }

    /** The port of a new proxy on the laptop. */
    int proxy(ProxyOptions options) throws IOException {
        return proxy(laptop, options);
    }

    static int proxy(CulvertNode node, ProxyOptions options) throws IOException {
        return ((InetSocketAddress) node.enter(new Target.Tcp("127.0.0.1", 0), new Proxy(options))).getPort();
    }

    int proxy() throws IOException {
        return proxy(ProxyOptions.DEFAULT);
    }

    static Socket connect(int port) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(20_000);
        return socket;
    }

    static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    }

    /** Everything that comes back until the end. */
    static String ask(int port, String text) throws IOException {
        try (Socket socket = connect(port)) {
            write(socket, text);
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    static String readRequest(InputStream in) throws IOException {
        String head = readHead(in);
        int at = head.toLowerCase(java.util.Locale.ROOT).indexOf("content-length: ");
        if (at < 0) {
            return head;
        }
        int length = Integer.parseInt(head.substring(at + 16, head.indexOf('\r', at)));
        return head + new String(in.readNBytes(length), ISO_8859_1);
    }

    /** To the empty line. */
    static String readHead(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("ended within the head: " + head);
            }
            head.write(b);
        }
        return head.toString(ISO_8859_1);
    }

    @Override
    public void close() {
        net.close();
    }
}
