package dev.culvert.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.culvert.api.ErrorCode;
import dev.culvert.link.proto.Control;
import dev.culvert.link.proto.Hello;
import dev.culvert.link.proto.Role;
import dev.culvert.link.proto.Unregister;
import dev.culvert.link.proto.Welcome;
import dev.culvert.link.transport.AttachedStream;
import dev.culvert.link.transport.Endpoint;
import dev.culvert.link.transport.LinkPort;
import dev.culvert.link.transport.LinkPortOptions;
import dev.culvert.link.transport.Loops;
import dev.culvert.mux.MemoryBudget;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import dev.culvert.policy.Authenticator;
import dev.culvert.policy.IdentityKey;
import dev.culvert.policy.NamePatterns;
import dev.culvert.policy.PortRange;
import dev.culvert.policy.Principal;
import dev.culvert.policy.RelayCertificate;
import dev.culvert.policy.Scope;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Links over real sockets: each transport carries the same handshake, control messages and streams. [LINK-1] to [LINK-23] */
class LinkOverSocketsTest {
    private static final IdentityKey RELAY = IdentityKey.generate();
    private static final RelayCertificate CERTIFICATE = RelayCertificate.issue(RELAY, List.of("localhost"));
    private static final Authenticator KEYS_ONLY = claim -> claim.publicKey() == null
            ? new Authenticator.Refused(ErrorCode.UNAUTHENTICATED, "no key (expected: a join string)")
            : new Authenticator.Accepted(
                    Principal.ofKey(claim.publicKey()),
                    new Scope("default", NamePatterns.ALL, NamePatterns.ALL, PortRange.NONE, false),
                    Long.MAX_VALUE);

    @TempDir
    Path directory;

    private final Loops loops = Loops.start("link-test", 2);
    private final ExecutorService blocking = Executors.newFixedThreadPool(2);
    private final LinkContext context =
            new LinkContext(loops, new MemoryBudget(1 << 28, 64), InstantSource.system(), new SecureRandom(), blocking);
    private final Sessions relaySessions = new Sessions();
    private final Sessions agentSessions = new Sessions();
    private final Told told = new Told();
    private final IdentityKey key = IdentityKey.generate();
    private final SessionAcceptor acceptor = new SessionAcceptor(
            AcceptorOptions.of(node("relay1", Role.ROLE_PEER), RELAY), KEYS_ONLY, relaySessions, context);

    @AfterEach
    void stop() {
        acceptor.close();
        loops.close();
        blocking.shutdown();
    }

    private LocalNode node(String name, Role role) {
        return new LocalNode(name, role, "test 1", context.random());
    }

    private LinkPort bind(String scheme) throws Exception {
        return bind(scheme, true);
    }

    private LinkPort bind(String scheme, boolean clear) throws Exception {
        Endpoint endpoint = switch (scheme) {
            case "unix" -> new Endpoint.Unix(directory.resolve("relay.sock"));
            case "mem" -> new Endpoint.Memory("link-over-sockets");
            default -> new Endpoint.Tls("127.0.0.1", 0);
        };
        LinkPortOptions options =
                LinkPortOptions.DEFAULT.withCertificate(CERTIFICATE).withClear(clear);
        return LinkPort.bind(loops, endpoint, options, acceptor).get(10, TimeUnit.SECONDS);
    }

    private static Endpoint dialled(String scheme, LinkPort port) {
        if (!(port.address() instanceof InetSocketAddress address)) {
            return port.endpoint();
        }
        return switch (scheme) {
            case "tcp" -> new Endpoint.Tcp("127.0.0.1", address.getPort());
            case "ws" -> new Endpoint.WebSocket(false, "127.0.0.1", address.getPort(), Endpoint.WEBSOCKET_PATH);
            case "wss" -> new Endpoint.WebSocket(true, "127.0.0.1", address.getPort(), Endpoint.WEBSOCKET_PATH);
            default -> new Endpoint.Tls("127.0.0.1", address.getPort());
        };
    }

    private LinkSet link(Endpoint endpoint, byte[] pin) {
        LinkOptions options = LinkOptions.of(node("edge7", Role.ROLE_LEAF), Credentials.key(key));
        return LinkSet.start(List.of(new RelayTarget(endpoint, pin)), options, List::of, agentSessions, told, context);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tls", "tcp", "wss", "ws", "unix", "mem"})
    void shakes_hands_and_carries_control_and_streams(String scheme) throws Exception {
        try (LinkPort port = bind(scheme);
                LinkSet links = link(dialled(scheme, port), RELAY.publicKey())) {
            await().until(() -> relaySessions.up.size() == 1 && agentSessions.up.size() == 1);
            assertThat(links.links()).hasSize(1);
            Session far = relaySessions.up.get(0);
            assertThat(far.peer()).isEqualTo(key.principal());
            controlBothWays(agentSessions.up.get(0), far);
            assertThat(echo(agentSessions.up.get(0), "to the relay")).isEqualTo("to the relay");
            assertThat(echo(far, "to the agent")).isEqualTo("to the agent");
        }
        await().until(() -> acceptor.sessions().isEmpty());
    }

    @Test
    void a_link_in_clear_to_a_port_with_tls_learns_what_may_be_wrong() throws Exception {
        try (LinkPort port = bind("tcp", false);
                LinkSet links = link(dialled("tcp", port), RELAY.publicKey())) {
            await().until(() -> told.events.stream().anyMatch(event -> event.contains("LINK_LOST")));
            assertThat(links.links()).hasSize(1);
            assertThat(told.events)
                    .anyMatch(event -> event.contains("a link in clear") && event.contains("culvert://"));
        }
    }

    private void controlBothWays(Session near, Session far) {
        Control message = Control.newBuilder()
                .setUnregister(Unregister.newBuilder().setId(7))
                .build();
        near.mux().loop().execute(() -> near.send(message));
        far.mux().loop().execute(() -> far.send(message));
        await().until(() -> relaySessions.controls.contains(message) && agentSessions.controls.contains(message));
    }

    private static String echo(Session session, String text) throws Exception {
        CompletableFuture<String> heard = new CompletableFuture<>();
        session.mux().loop().execute(() -> {
            try {
                MuxStream stream = session.mux().open(new Ear(heard, text.length()));
                stream.write(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
                stream.finish();
            } catch (Exception e) {
                heard.completeExceptionally(e);
            }
        });
        return heard.get(10, TimeUnit.SECONDS);
    }

    @Test
    void links_over_streams_that_an_embedder_has() throws Exception {
        PipedInputStream agentIn = new PipedInputStream(1 << 16);
        PipedInputStream relayIn = new PipedInputStream(1 << 16);
        PipedOutputStream agentOut = new PipedOutputStream(relayIn);
        PipedOutputStream relayOut = new PipedOutputStream(agentIn);
        List<String> outcomes = new CopyOnWriteArrayList<>();
        acceptor.attach(
                "pipe",
                10_000,
                AttachedStream.attach(loops, "relay's end", relayIn, relayOut),
                new SessionAcceptor.Outcome() {
                    @Override
                    public void onUp(Session session) {
                        outcomes.add("up " + session.peerNode());
                    }

                    @Override
                    public void onFailed(ErrorCode code, String reason) {
                        outcomes.add(code + ": " + reason);
                    }
                });
        LinkOptions options = LinkOptions.of(node("edge7", Role.ROLE_LEAF), Credentials.key(key));
        try (LinkSet links = LinkSet.start(List.of(), options, List::of, agentSessions, told, context)) {
            links.attach(
                    new RelayTarget(new Endpoint.Memory("pipe"), RELAY.publicKey()),
                    AttachedStream.attach(loops, "agent's end", agentIn, agentOut));
            await().until(() -> relaySessions.up.size() == 1 && agentSessions.up.size() == 1);
            assertThat(echo(relaySessions.up.get(0), "over a pipe")).isEqualTo("over a pipe");
            acceptor.close();
            await().until(() -> links.links().isEmpty());
            assertThat(told.events).anyMatch(event -> event.startsWith("refused "));
        }
    }

    @Test
    void a_wrong_pin_is_seen_in_tls_and_ends_the_link_with_one_line() throws Exception {
        try (LinkPort port = bind("tls");
                LinkSet links = link(port.endpoint(), IdentityKey.generate().publicKey())) {
            await().until(() -> links.links().isEmpty());
            assertThat(told.events.get(told.events.size() - 1))
                    .startsWith("refused UNAUTHENTICATED: ")
                    .doesNotContain("\n");
            assertThat(relaySessions.events).isEmpty();
        }
    }

    @Test
    void a_wrong_key_in_clear_is_seen_in_the_handshake() throws Exception {
        try (LinkPort port = bind("tcp");
                LinkSet links =
                        link(dialled("tcp", port), IdentityKey.generate().publicKey())) {
            await().until(() -> links.links().isEmpty());
            assertThat(told.events.get(told.events.size() - 1)).startsWith("refused UNAUTHENTICATED: ");
            assertThat(relaySessions.events).isEmpty();
        }
    }

    @Test
    void steps_are_told_in_order() throws Exception {
        try (LinkPort port = bind("tls");
                LinkSet links = link(port.endpoint(), RELAY.publicKey())) {
            await().until(() -> told.events.contains("up"));
            assertThat(links.links()).hasSize(1);
            assertThat(told.events)
                    .containsSubsequence(
                            "connecting #1", "step resolve", "step tcp", "step tls pin", "step auth", "up");
        }
    }

    @Test
    void a_relay_that_comes_back_at_the_same_address_is_found_again() throws Exception {
        LinkPort first = bind("tls");
        Endpoint endpoint = first.endpoint();
        try (LinkSet links = link(endpoint, RELAY.publicKey())) {
            await().until(() -> agentSessions.up.size() == 1);
            assertThat(links.links()).hasSize(1);
            first.close();
            Session far = relaySessions.up.get(0);
            far.mux().channel().close();
            await().until(() -> agentSessions.up.isEmpty());
            try (LinkPort second = LinkPort.bind(
                            loops, endpoint, LinkPortOptions.DEFAULT.withCertificate(CERTIFICATE), acceptor)
                    .get(10, TimeUnit.SECONDS)) {
                assertThat(second.endpoint()).isEqualTo(endpoint);
                await().atMost(30, TimeUnit.SECONDS).until(() -> agentSessions.up.size() == 1);
                assertThat(agentSessions.up.get(0).attempt()).isGreaterThan(1);
            }
        }
    }

    /** A node that admits everybody and echoes. Any thread. */
    private static final class Sessions implements SessionListener {
        private final List<Session> up = new CopyOnWriteArrayList<>();
        private final List<Control> controls = new CopyOnWriteArrayList<>();
        private final List<String> events = new CopyOnWriteArrayList<>();

        @Override
        public CompletionStage<Admission> admit(Session session, Hello hello) {
            events.add("admit");
            return CompletableFuture.completedFuture(new Admitted(Welcome.getDefaultInstance()));
        }

        @Override
        public void onUp(Session session, Welcome welcome) {
            up.add(session);
        }

        @Override
        public StreamHandler onStream(Session session, MuxStream stream) {
            return new RecordedSessions.Echo();
        }

        @Override
        public void onControl(Session session, Control message) {
            controls.add(message);
        }

        @Override
        public void onDown(Session session, ErrorCode code, String reason) {
            up.remove(session);
        }
    }

    /** What the operator sees. Any thread. */
    private static final class Told implements LinkListener {
        private final List<String> events = new CopyOnWriteArrayList<>();

        @Override
        public void onConnecting(Link link, long attempt) {
            events.add("connecting #" + attempt);
        }

        @Override
        public void onStep(Link link, String step, String detail, long nanos) {
            events.add("step " + step);
        }

        @Override
        public void onUp(Link link, Session session) {
            events.add("up");
        }

        @Override
        public void onRetry(Link link, ErrorCode code, String reason, long delayMillis) {
            events.add("retry " + code + ": " + reason);
        }

        @Override
        public void onRefused(Link link, ErrorCode code, String reason) {
            events.add("refused " + code + ": " + reason);
        }
    }

    /** Listens until enough has come. Owned by its session's event loop. */
    private static final class Ear implements StreamHandler {
        private final CompletableFuture<String> heard;
        private final int expected;
        private final StringBuilder text = new StringBuilder();

        Ear(CompletableFuture<String> heard, int expected) {
            this.heard = heard;
            this.expected = expected;
        }

        @Override
        public void onData(MuxStream stream, ByteBuf data) {
            text.append(data.toString(StandardCharsets.UTF_8));
            stream.consumed(data.readableBytes());
            data.release();
            if (text.length() == expected) {
                heard.complete(text.toString());
            }
        }

        @Override
        public void onFinish(MuxStream stream) {
            // the echo has finished too
        }

        @Override
        public void onReset(MuxStream stream, int code) {
            heard.completeExceptionally(new AssertionError("reset " + code));
        }
    }
}
