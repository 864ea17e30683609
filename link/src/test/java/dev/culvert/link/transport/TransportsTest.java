package dev.culvert.link.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.culvert.policy.IdentityKey;
import dev.culvert.policy.RelayCertificate;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every transport promises, over real sockets: the same bytes in the same order both ways, and the end of one side seen at the other. */
class TransportsTest {
    private static final Loops EPOLL = Loops.start("test-epoll", 1);
    private static final Loops NIO = Loops.start("test-nio", 1, false);
    private static final IdentityKey RELAY = IdentityKey.generate();
    private static final RelayCertificate CERTIFICATE = RelayCertificate.issue(RELAY, List.of("localhost"));

    @TempDir
    Path directory;

    /** One way to carry a link. */
    record Way(String scheme, Loops loops, TlsEngine dialler, TlsEngine acceptor) {
        @Override
        public String toString() {
            return scheme + (loops.epoll() ? " epoll " : " nio ") + dialler + " to " + acceptor;
        }
    }

    static List<Way> ways() {
        List<Way> ways = new ArrayList<>();
        for (Loops loops : List.of(EPOLL, NIO)) {
            for (String clear : List.of("tcp", "ws", "unix", "mem")) {
                ways.add(new Way(clear, loops, TlsEngine.preferred(), TlsEngine.preferred()));
            }
            for (TlsEngine dialler : TlsEngine.values()) {
                for (TlsEngine acceptor : TlsEngine.values()) {
                    ways.add(new Way("tls", loops, dialler, acceptor));
                    ways.add(new Way("wss", loops, dialler, acceptor));
                }
            }
        }
        return ways;
    }

    @AfterAll
    static void stop() {
        EPOLL.close();
        NIO.close();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void carries_the_same_bytes_both_ways_and_the_end(Way way) throws InterruptedException {
        Echo echo = new Echo();
        List<String> steps = new CopyOnWriteArrayList<>();
        try (LinkPort port = bind(way, echo)) {
            Channel channel = Echo.get(
                    connector(way).connect(port.endpoint(), trusting(), (step, detail, nanos) -> steps.add(step)));
            Echo.Received received = Echo.take(channel);
            sendOneByOne(channel, Echo.FIRST);
            await().until(() -> received.size() == Echo.FIRST.length);
            assertThat(steps).isEqualTo(expectedSteps(way.scheme()));
            IncomingLink link = echo.links.get(0);
            assertThat(link.transport()).isEqualTo(way.scheme());
            assertThat(port.unproved()).isEqualTo(1);
            link.channel().eventLoop().execute(link::established);
            await().until(() -> port.unproved() == 0);
            byte[] sent = sendInPieces(channel);
            await().until(() -> received.size() == sent.length);
            assertThat(received.all()).isEqualTo(sent);
            if (way.scheme().equals("tls")) {
                SslHandler tls = channel.pipeline().get(SslHandler.class);
                assertThat(tls.engine().getSession().getProtocol()).isEqualTo("TLSv1.3");
                assertThat(tls.applicationProtocol()).isEqualTo("culvert/1");
            }
            channel.close();
            await().until(() -> !link.channel().isActive());
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void the_acceptors_end_is_seen_by_the_dialler(Way way) throws InterruptedException {
        Echo echo = new Echo();
        try (LinkPort port = bind(way, echo)) {
            Channel channel = Echo.get(connector(way).connect(port.endpoint(), trusting(), StepListener.NONE));
            Echo.take(channel);
            Echo.send(channel, Echo.FIRST);
            await().until(() -> !echo.links.isEmpty());
            echo.links.get(0).channel().close();
            await().until(() -> !channel.isActive());
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void nothing_listens_after_close(Way way) throws InterruptedException {
        LinkPort port = bind(way, new Echo());
        port.close();
        Echo.get(port.closed());
        Throwable failure = Echo.failure(connector(way).connect(port.endpoint(), trusting(), StepListener.NONE));
        assertThat(failure)
                .isInstanceOf(ConnectFailed.class)
                .hasMessageContaining(port.endpoint().toString());
        assertThat(((ConnectFailed) failure).retryHelps()).isTrue();
    }

    private LinkPort bind(Way way, LinkAcceptor acceptor) throws InterruptedException {
        LinkPortOptions options = LinkPortOptions.DEFAULT.withClear(true).withCertificate(CERTIFICATE);
        Endpoint endpoint = switch (way.scheme()) {
            case "unix" -> new Endpoint.Unix(directory.resolve("s"));
            case "mem" -> new Endpoint.Memory("transports-test-" + way);
            default -> Endpoint.parse(way.scheme() + "://127.0.0.1:0");
        };
        return Echo.get(PortBinding.bind(way.loops(), endpoint, options, way.acceptor(), acceptor));
    }

    private static Connector connector(Way way) {
        return new Connector(
                way.loops(),
                new Connector.Surroundings(
                        way.dialler(),
                        NameLookup.SYSTEM,
                        name -> null,
                        InstantSource.system(),
                        new SplittableRandom(1)));
    }

    private static ConnectOptions trusting() {
        return ConnectOptions.DEFAULT.withTrust(Trust.pinned(RELAY.publicKey()));
    }

    private static void sendOneByOne(Channel channel, byte[] bytes) {
        for (byte each : bytes) {
            Echo.send(channel, new byte[] {each});
        }
    }

    /** Up to more than a WebSocket message and a TLS record hold. What was sent from the beginning. */
    private static byte[] sendInPieces(Channel channel) {
        java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
        all.writeBytes(Echo.FIRST);
        SplittableRandom random = new SplittableRandom(42);
        for (int size : new int[] {1, 100, 16_383, 16_384, 16_385, 70_000, 1_000_000}) {
            byte[] piece = new byte[size];
            random.nextBytes(piece);
            all.writeBytes(piece);
            Echo.send(channel, piece);
        }
        return all.toByteArray();
    }

    private static List<String> expectedSteps(String scheme) {
        return switch (scheme) {
            case "tcp" -> List.of("resolve", "tcp");
            case "tls" -> List.of("resolve", "tcp", "tls pin");
            case "ws" -> List.of("resolve", "tcp", "websocket");
            case "wss" -> List.of("resolve", "tcp", "tls pin", "websocket");
            default -> List.of(scheme);
        };
    }
}
