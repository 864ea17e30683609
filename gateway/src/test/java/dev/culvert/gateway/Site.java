package dev.culvert.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.culvert.api.Stream;
import dev.culvert.api.StreamAcceptor;
import dev.culvert.node.CulvertNode;
import dev.culvert.node.Entrance;
import dev.culvert.node.Net;
import dev.culvert.node.RawHttp;
import dev.culvert.node.Target;
import dev.culvert.policy.Authenticator;
import dev.culvert.policy.NamePatterns;
import dev.culvert.policy.PortRange;
import dev.culvert.policy.Principal;
import dev.culvert.policy.Scope;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A relay with gateways and an agent with services, over an in-memory link. Belongs to one test. */
final class Site implements AutoCloseable {
    static final Duration PATIENCE = Net.PATIENCE;
    static final Access ANYONE = (address, credential) -> new Access.Admitted(address, "");

    private final Net net = new Net();
    private final Random random = new Random(42);
    final BlockingQueue<AccessRecord> log = new LinkedBlockingQueue<>();
    final CulvertNode relay;
    final CulvertNode edge;

    Site() throws IOException {
        relay = net.start(net.relay("relay1", Site::admit));
        edge = agent("edge7");
    }

    /** One more machine that offers. */
    CulvertNode agent(String name) throws IOException {
        return net.linked(name, "relay1");
    }

    private static Authenticator.Verdict admit(Authenticator.Claim claim) {
        return new Authenticator.Accepted(
                claim.publicKey() == null ? Principal.ANONYMOUS : Principal.ofKey(claim.publicKey()),
                new Scope("default", NamePatterns.ALL, NamePatterns.ALL, new PortRange(20_000, 29_999), false),
                Long.MAX_VALUE);
    }

    /** The port of a new gateway at the relay. */
    int gateway(GatewayOptions options, Access access) throws IOException {
        return enter(newGateway(options, access));
    }

    Gateway newGateway(GatewayOptions options, Access access) {
        return new Gateway("relay1", options, access, log::add, InstantSource.system(), random);
    }

    int enter(Entrance entrance) throws IOException {
        return ((InetSocketAddress) relay.enter(new Target.Tcp("127.0.0.1", 0), entrance)).getPort();
    }

    int gateway() throws IOException {
        return gateway(GatewayOptions.DEFAULT, ANYONE);
    }

    /** A service of the agent, by code. */
    void serve(String name, StreamAcceptor acceptor) throws IOException {
        edge.bind(name, acceptor);
    }

    /** A service that answers each connection's first request with these bytes, and ends. */
    BlockingQueue<String> answer(String name, String response) throws IOException {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        serve(name, stream -> {
            seen.add(RawHttp.readRequest(stream.input()));
            say(stream, response);
        });
        return seen;
    }

    static HttpRequest.Builder request(int port, String service, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("culvert-target", service)
                .timeout(PATIENCE);
    }

    static void say(Stream stream, String text) throws IOException {
        stream.output().write(text.getBytes(ISO_8859_1));
    }

    @Override
    public void close() {
        net.close();
    }
}
