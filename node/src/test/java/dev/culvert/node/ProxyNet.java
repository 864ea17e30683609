package dev.culvert.node;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.culvert.node.proxy.Proxy;
import dev.culvert.node.proxy.ProxyOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
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
        edge = net.linked("edge7", "relay1");
        laptop = net.linked("laptop", "relay1");
    }

    /** A service that answers each request with these bytes, and ends. */
    void serve(String name, String response) throws IOException {
        edge.bind(name, stream -> {
            seen.add(RawHttp.readRequest(stream.input()));
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

    @Override
    public void close() {
        net.close();
    }
}
