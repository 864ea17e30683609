package dev.culvert.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.culvert.api.Stream;
import dev.culvert.api.StreamAcceptor;
import dev.culvert.link.LinkTiming;
import dev.culvert.link.RelayTarget;
import dev.culvert.link.transport.ConnectOptions;
import dev.culvert.link.transport.Endpoint;
import dev.culvert.link.transport.LinkPortOptions;
import dev.culvert.link.transport.Loops;
import dev.culvert.node.CulvertNode;
import dev.culvert.node.Entrance;
import dev.culvert.node.LinkConfig;
import dev.culvert.node.ListenConfig;
import dev.culvert.node.NodeConfig;
import dev.culvert.node.NodeIdentity;
import dev.culvert.node.NodeListener;
import dev.culvert.node.Target;
import dev.culvert.policy.Authenticator;
import dev.culvert.policy.IdentityKey;
import dev.culvert.policy.NamePatterns;
import dev.culvert.policy.PortRange;
import dev.culvert.policy.Principal;
import dev.culvert.policy.Scope;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A relay with gateways and an agent with services, over an in-memory link. Belongs to one test. */
final class Site implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(20);
    static final Access ANYONE = (address, credential) -> new Access.Admitted(address, "");

    private static final AtomicInteger SITES = new AtomicInteger();

    private final Loops loops = Loops.start("site", 2);
    private final Random random = new Random(42);
    final BlockingQueue<AccessRecord> log = new LinkedBlockingQueue<>();
    private final Endpoint endpoint;
    private final IdentityKey relayKey;
    final CulvertNode relay;
    final CulvertNode edge;

    Site() throws IOException {
        endpoint = new Endpoint.Memory("site" + SITES.incrementAndGet());
        relayKey = IdentityKey.generate();
        relay = CulvertNode.start(
                NodeConfig.of(new NodeIdentity(relayKey, "relay1", "default"))
                        .withListen(new ListenConfig(
                                List.of(endpoint), LinkPortOptions.DEFAULT.withClear(true), Site::admit, "127.0.0.1")),
                NodeListener.NONE,
                loops);
        edge = agent("edge7");
    }

    /** One more machine that offers; the caller closes it. */
    CulvertNode agent(String name) throws IOException {
        CulvertNode agent = CulvertNode.start(
                NodeConfig.of(new NodeIdentity(IdentityKey.generate(), name, ""))
                        .withLink(new LinkConfig(
                                List.of(new RelayTarget(endpoint, relayKey.publicKey())),
                                null,
                                null,
                                ConnectOptions.DEFAULT,
                                new LinkTiming(5_000, 50, 200, 1_000, 1_000))),
                NodeListener.NONE,
                loops);
        agent.awaitLink(PATIENCE);
        return agent;
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
            seen.add(readRequest(stream.input()));
            say(stream, response);
        });
        return seen;
    }

    static HttpRequest.Builder request(int port, String service, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("culvert-target", service)
                .timeout(PATIENCE);
    }

    static Socket connect(int port) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout((int) PATIENCE.toMillis());
        return socket;
    }

    static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    }

    static void say(Stream stream, String text) throws IOException {
        stream.output().write(text.getBytes(ISO_8859_1));
    }

    /** Everything that comes back until the end. */
    static String ask(int port, String text) throws IOException {
        try (Socket socket = connect(port)) {
            write(socket, text);
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    /** A head, and a body of the length that it says. */
    static String readRequest(InputStream in) throws IOException {
        String head = readHead(in);
        int at = head.toLowerCase(Locale.ROOT).indexOf("content-length: ");
        if (at < 0) {
            return head;
        }
        int length = Integer.parseInt(head.substring(at + 16, head.indexOf('\r', at)));
        return head + new String(in.readNBytes(length), ISO_8859_1);
    }

    /** To the empty line, which is part of it. */
    static String readHead(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("ended within the head: " + head.toString(ISO_8859_1));
            }
            head.write(next);
        }
        return head.toString(ISO_8859_1);
    }

    /** One chunk of a body in chunks. */
    static String readChunk(InputStream in) throws IOException {
        StringBuilder size = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            size.append((char) next);
        }
        String chunk = new String(in.readNBytes(Integer.parseInt(size.toString().trim(), 16)), ISO_8859_1);
        in.readNBytes(2);
        return chunk;
    }

    @Override
    public void close() {
        edge.close();
        relay.close();
        loops.close();
    }
}
