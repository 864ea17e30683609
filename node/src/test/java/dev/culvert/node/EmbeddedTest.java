package dev.culvert.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.culvert.api.Address;
import dev.culvert.api.BindOptions;
import dev.culvert.api.Binding;
import dev.culvert.api.CallOptions;
import dev.culvert.api.DialException;
import dev.culvert.api.DialOptions;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.InviteOptions;
import dev.culvert.api.LinkException;
import dev.culvert.api.Node;
import dev.culvert.api.NodeBuilder;
import dev.culvert.api.NodeHooks;
import dev.culvert.api.Session;
import dev.culvert.api.Stream;
import dev.culvert.api.StreamListener;
import dev.culvert.api.StreamResetException;
import dev.culvert.api.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that a Java program starts, over TLS on loopback: one listens, others join by its invitations. */
@Timeout(60)
final class EmbeddedTest {
    private final Deque<Node> nodes = new ArrayDeque<>();
    private final List<String> told = new CopyOnWriteArrayList<>();

    @TempDir
    private Path state;

    @AfterEach
    void close() {
        nodes.forEach(Node::close);
    }

    private Node start(NodeBuilder builder) throws IOException {
        Node node = builder.start();
        nodes.addFirst(node);
        return node;
    }

    private static NodeBuilder hub() {
        return Node.builder().name("hub").listen("127.0.0.1:0");
    }

    private static NodeBuilder leaf(String name, Node hub) throws IOException {
        return Node.builder().name(name).join(hub.invite()).retry(Duration.ZERO, Duration.ofMillis(200), -1);
    }

    private Node joined(String name, Node hub) throws IOException {
        Node node = start(leaf(name, hub));
        node.awaitLink(Net.PATIENCE);
        return node;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private Session only(Node hub) {
        await().atMost(Net.PATIENCE).until(() -> hub.sessions().size() == 1);
        return hub.sessions().get(0);
    }

    @Test
    void a_program_listens_and_invites_and_others_join_and_call_each_other() throws IOException {
        Node hub = start(hub());
        hub.bind("time", stream -> stream.output().write(bytes("noon")));
        Node edge = joined("edge7", hub);
        edge.handleCalls("api", request -> bytes("hi " + new String(request.body(), UTF_8)));
        Node laptop = joined("laptop", hub);

        assertThat(laptop.call("edge7.api", bytes("there"))).isEqualTo(bytes("hi there"));
        try (Stream stream = edge.dial("hub.time")) {
            assertThat(stream.input().readAllBytes()).isEqualTo(bytes("noon"));
        }
    }

    @Test
    void an_invitation_says_how_to_link() throws IOException {
        Node clear = start(Node.builder().name("hub").listen("tcp://127.0.0.1:0"));
        assertThat(clear.invite()).startsWith("culvert+tcp://127.0.0.1:");
        assertThat(joined("edge7", clear).sessions().get(0).remoteAddress()).startsWith("tcp://");

        Node hub = start(hub());
        Node web = start(Node.builder()
                .name("edge8")
                .join(hub.invite().replace("culvert://", "culvert+wss://"))
                .retry(Duration.ZERO, Duration.ofMillis(200), -1));
        web.awaitLink(Net.PATIENCE);
        assertThat(web.sessions().get(0).remoteAddress()).startsWith("wss://");
    }

    @Test
    void programs_that_listen_link_to_each_other_and_reach_what_is_behind_the_other() throws IOException {
        Node hub = start(hub());
        Node far = start(Node.builder()
                .name("far")
                .listen("127.0.0.1:0")
                .join(hub.invite(InviteOptions.DEFAULT.withRelay(true))));
        Node near = joined("edge7", hub);
        near.handleCalls("api", request -> bytes("hi " + new String(request.body(), UTF_8)));
        Node distant = joined("edge9", far);
        distant.handleCalls("time", request -> bytes("noon"));

        await().atMost(Net.PATIENCE)
                .ignoreExceptionsInstanceOf(DialException.class)
                .untilAsserted(() -> {
                    assertThat(distant.call("edge7.api", bytes("there"))).isEqualTo(bytes("hi there"));
                    assertThat(near.call("time", bytes(""))).isEqualTo(bytes("noon"));
                });
    }

    @Test
    void an_invitation_permits_what_it_says_and_is_kept_with_the_key() throws IOException {
        String invitation;
        String hubAddress;
        try (Node hub = hub().stateDirectory(state).start()) {
            invitation = hub.invite(InviteOptions.DEFAULT.withScope(List.of("web"), List.of()));
            hubAddress = invitation.substring("culvert://".length(), invitation.indexOf('/', 10));
        }
        Node hub = start(Node.builder().name("hub").listen(hubAddress).stateDirectory(state));
        Node edge = start(Node.builder().name("edge7").join(invitation));
        edge.awaitLink(Net.PATIENCE);

        edge.bind("web", Stream::close);
        assertThatThrownBy(() -> edge.bind("db", Stream::close)).hasMessageContaining("DENIED");
        assertThatThrownBy(() -> edge.dial("hub.time")).isInstanceOf(DialException.class);
        assertThat(hub.sessions()).hasSize(1);
        assertThatThrownBy(() -> edge.invite()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void one_node_is_in_several_namespaces_and_says_which_it_means() throws IOException {
        Node hub = start(hub());
        List<String> namespaces = List.of("red", "blue");
        NodeBuilder both = Node.builder().name("both");
        for (String namespace : namespaces) {
            InviteOptions into = InviteOptions.DEFAULT.withNamespace(namespace);
            Node server = start(Node.builder().name("edge-" + namespace).join(hub.invite(into)));
            server.awaitLink(Net.PATIENCE);
            server.handleCalls("motto", request -> bytes(namespace));
            both.join(hub.invite(into));
        }
        Node node = start(both);
        await().atMost(Net.PATIENCE).until(() -> node.sessions().size() == 2);
        for (int i = 0; i < 10; i++) {
            for (String namespace : namespaces) {
                assertThat(node.call("motto@" + namespace, bytes(""))).isEqualTo(bytes(namespace));
            }
        }
        node.handleCalls("own", request -> bytes("both"));
        for (String namespace : namespaces) {
            Node caller = start(Node.builder()
                    .name("caller-" + namespace)
                    .join(hub.invite(InviteOptions.DEFAULT.withNamespace(namespace))));
            caller.awaitLink(Net.PATIENCE);
            await().atMost(Net.PATIENCE)
                    .ignoreExceptionsInstanceOf(DialException.class)
                    .untilAsserted(
                            () -> assertThat(caller.call("both.own", bytes(""))).isEqualTo(bytes("both")));
        }
        assertThatThrownBy(() -> node.call("motto@green", bytes(""))).isInstanceOf(DialException.class);
    }

    @Test
    void a_sibling_has_the_settings_and_a_key_of_its_own() throws IOException {
        Node hub = start(hub());
        Node first = start(Node.builder()
                .name("edge1")
                .join(hub.invite(InviteOptions.DEFAULT.withUses(2)))
                .stateDirectory(state));
        first.awaitLink(Net.PATIENCE);
        Node second = start(first.sibling("edge2"));
        second.awaitLink(Net.PATIENCE);
        await().atMost(Net.PATIENCE).until(() -> hub.sessions().size() == 2);
        assertThat(hub.sessions()).extracting(Session::node).containsExactlyInAnyOrder("edge1", "edge2");
        assertThat(hub.sessions()).extracting(Session::principal).doesNotHaveDuplicates();
    }

    @Test
    void a_node_chooses_virtual_ports_that_are_dialled_like_others() throws IOException {
        Node hub = start(hub());
        Node edge = joined("edge7", hub);
        Binding alone = edge.bind(
                "", BindOptions.DEFAULT.withAnyPort(), stream -> stream.output().write(1));
        Binding named = edge.bind(
                "web",
                BindOptions.DEFAULT.withAnyPort(),
                stream -> stream.output().write(2));
        StreamListener waiting = edge.bind("", BindOptions.DEFAULT.withAnyPort());
        assertThat(List.of(alone.port(), named.port(), waiting.port()))
                .doesNotHaveDuplicates()
                .allMatch(port -> port >= 65_536);
        for (String address : List.of(":" + alone.port(), "edge7:" + alone.port())) {
            try (Stream stream = hub.dial(address)) {
                assertThat(stream.input().read()).isEqualTo(1);
            }
        }
        for (String address : List.of(":" + named.port(), "edge7.web")) {
            try (Stream stream = hub.dial(address)) {
                assertThat(stream.input().read()).isEqualTo(2);
            }
        }
        assertThat(BindOptions.DEFAULT.withAnyPort().withPort(7).anyPort()).isFalse();
    }

    @Test
    void a_relay_on_all_addresses_does_not_guess_how_it_is_reached() throws IOException {
        Node hub = start(Node.builder().name("hub").listen("0.0.0.0:0"));
        assertThatThrownBy(hub::invite)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("publicAddress");
        Node told = start(Node.builder().name("hub2").listen("0.0.0.0:0").publicAddress("relay.example.com:7443"));
        assertThat(told.invite()).startsWith("culvert://relay.example.com:7443/");
        assertThatThrownBy(() -> Node.builder().listen("tcp://192.0.2.1:1").start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("loopback");
    }

    @Test
    void a_session_is_found_by_id_at_both_ends_and_addressed() throws Exception {
        Node hub = start(hub());
        Node edge = start(leaf("edge7", hub).identity("4711", bytes("secret")));
        edge.awaitLink(Net.PATIENCE);
        edge.bind("account.set", Net.ECHO);
        edge.handleCalls("client1:readBalance", request -> bytes("17"));
        hub.bind("greet", stream -> stream.output().write(bytes("hello")));
        Session session = only(hub);

        assertThat(session.node()).isEqualTo("edge7");
        assertThat(session.identity()).isEqualTo("4711");
        assertThat(session.isDialled()).isFalse();
        assertThat(session.services()).containsExactly("account.set", "client1:readBalance");
        assertThat(hub.session(session.id())).contains(session);
        Session upwards = edge.sessions().get(0);
        assertThat(upwards.id()).isEqualTo(session.id());
        assertThat(upwards.isDialled()).isTrue();
        assertThat(session.call("client1:readBalance", bytes(""), CallOptions.DEFAULT))
                .isEqualTo(bytes("17"));
        session.notify("client1:readBalance", bytes(""), CallOptions.DEFAULT);
        try (Stream stream = session.open("account.set")) {
            stream.output().write(bytes("x"));
            stream.finish();
            assertThat(stream.input().readAllBytes()).isEqualTo(bytes("x"));
        }
        try (Stream stream = upwards.open("greet")) {
            assertThat(stream.input().readAllBytes()).isEqualTo(bytes("hello"));
        }
        assertThatThrownBy(() -> session.open("nothing"))
                .isInstanceOfSatisfying(
                        DialException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_SERVICE));
    }

    @Test
    void a_session_that_is_closed_tells_the_reason_to_both_ends_and_another_follows() throws Exception {
        Node hub = start(hub().hooks(new NodeHooks() {
            @Override
            public void onSessionOpen(Session session) {
                told.add("open " + session.node());
            }

            @Override
            public void onSessionClose(Session session, ErrorCode code, String reason) {
                told.add("close " + session.node() + " " + code + " " + reason);
            }
        }));
        CompletableFuture<String> down = new CompletableFuture<>();
        Node edge = start(leaf("edge7", hub).hooks(new NodeHooks() {
            @Override
            public void onLinkDown(String relay, ErrorCode code, String reason) {
                down.complete(code + " " + reason);
            }
        }));
        edge.awaitLink(Net.PATIENCE);
        edge.bind("account.set", Net.ECHO);
        Session session = only(hub);
        Stream open = session.open("account.set");

        session.close("go and come back");

        assertThatThrownBy(() -> open.input().read()).isInstanceOf(StreamResetException.class);
        assertThat(down.get()).contains("DRAINING").contains("go and come back");
        await().atMost(Net.PATIENCE).until(() -> told.size() >= 3);
        assertThat(List.copyOf(told).subList(0, 3))
                .containsExactly("open edge7", "close edge7 DRAINING go and come back", "open edge7");
        assertThat(session.isUp()).isFalse();
        assertThatThrownBy(() -> session.open("account.set"))
                .isInstanceOfSatisfying(
                        DialException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_ROUTE));
    }

    @Test
    void a_node_that_is_sent_away_stays_away() throws Exception {
        Node hub = start(hub());
        CompletableFuture<String> ended = new CompletableFuture<>();
        Node edge = start(leaf("edge7", hub).hooks(new NodeHooks() {
            @Override
            public void onLinkEnded(String relay, ErrorCode code, String reason) {
                ended.complete(code + " " + reason);
            }
        }));
        edge.awaitLink(Net.PATIENCE);

        only(hub).close(ErrorCode.DENIED, "not you");

        assertThat(ended.get()).isEqualTo("DENIED not you");
        assertThatThrownBy(() -> edge.awaitLink(Net.PATIENCE)).isInstanceOf(LinkException.class);
    }

    @Test
    void a_validator_decides_on_the_session_and_a_refused_one_leaves_nothing() throws Exception {
        Node hub = start(hub().validateSessions(request ->
                        request.identity().equals("4711") && new String(request.token(), UTF_8).equals("secret")
                                ? Verdict.ACCEPT
                                : Verdict.refuse("who is '" + request.identity() + "'?"))
                .hooks(new NodeHooks() {
                    @Override
                    public void onSessionOpen(Session session) {
                        told.add(session.identity());
                    }
                }));
        Node stranger = start(leaf("stranger", hub).identity("4712", bytes("secret")));
        assertThatThrownBy(() -> stranger.awaitLink(Net.PATIENCE))
                .isInstanceOfSatisfying(
                        LinkException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DENIED))
                .hasMessageContaining("who is '4712'?");
        Node friend = start(leaf("friend", hub).identity("4711", bytes("secret")));
        friend.awaitLink(Net.PATIENCE);

        await().atMost(Net.PATIENCE).until(() -> told.contains("4711"));
        assertThat(told).containsExactly("4711");
        assertThat(hub.sessions()).hasSize(1);
    }

    @Test
    void a_validator_decides_on_each_stream_and_may_open_one_to_anybody() throws Exception {
        Node hub = start(hub().validateStreams(request ->
                request.address().service().equals("public") || new String(request.token(), UTF_8).equals("secret")
                        ? Verdict.ACCEPT
                        : Verdict.refuse("a token, please")));
        Node edge = start(leaf("edge7", hub).identity("edge", bytes("secret")));
        edge.awaitLink(Net.PATIENCE);
        for (String name : List.of("public", "private")) {
            edge.bind(name, stream -> stream.output().write(bytes(name)));
        }
        Node guest = joined("guest", hub);

        try (Stream stream = guest.dial("edge7.public")) {
            assertThat(stream.input().readAllBytes()).isEqualTo(bytes("public"));
        }
        assertThatThrownBy(() -> guest.dial("edge7.private"))
                .isInstanceOfSatisfying(DialException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.DENIED);
                    assertThat(e.hop()).isEqualTo("hub");
                })
                .hasMessageContaining("a token, please");
        try (Stream stream = hub.dial("edge7.private")) {
            assertThat(stream.input().readAllBytes()).isEqualTo(bytes("private"));
        }
    }

    @Test
    void a_validator_that_throws_refuses_and_one_that_blocks_holds_up_nobody_else() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Node hub = start(hub().validateStreams(request -> {
            if (request.address().service().equals("slow")) {
                asked.countDown();
                release.await();
            }
            if (request.address().service().equals("broken")) {
                throw new IllegalStateException("secret detail");
            }
            return Verdict.ACCEPT;
        }));
        for (String name : List.of("slow", "broken", "fine")) {
            hub.bind(name, stream -> stream.output().write(bytes(name)));
        }
        Node edge = joined("edge7", hub);
        CompletableFuture<Stream> slow =
                edge.dialAsync(Address.parse("hub.slow"), DialOptions.DEFAULT).toCompletableFuture();
        asked.await();

        assertThatThrownBy(() -> edge.dial("hub.broken"))
                .isInstanceOfSatisfying(
                        DialException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL))
                .hasMessageNotContaining("secret detail");
        try (Stream stream = edge.dial("hub.fine")) {
            assertThat(stream.input().readAllBytes()).isEqualTo(bytes("fine"));
        }
        release.countDown();
        assertThat(slow.get().input().readAllBytes()).isEqualTo(bytes("slow"));
    }

    @Test
    void a_link_without_keep_alive_lives() throws IOException {
        Node hub = start(hub().keepAlive(Duration.ZERO));
        Node edge = start(leaf("edge7", hub).keepAlive(Duration.ZERO));
        edge.awaitLink(Net.PATIENCE);
        hub.handleCalls("ping", request -> bytes("pong"));
        assertThat(edge.call("hub.ping", bytes(""))).isEqualTo(bytes("pong"));
    }
}
