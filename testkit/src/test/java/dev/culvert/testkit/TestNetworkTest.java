package dev.culvert.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.culvert.api.Address;
import dev.culvert.api.CallException;
import dev.culvert.api.CallOptions;
import dev.culvert.api.CallRequest;
import dev.culvert.api.CulvertException;
import dev.culvert.api.DialException;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.Messages;
import dev.culvert.api.Node;
import dev.culvert.api.NodeHooks;
import dev.culvert.api.NodeOptions;
import dev.culvert.api.Session;
import dev.culvert.api.Stream;
import dev.culvert.api.StreamResetException;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Nodes whose links fail. */
@Timeout(60)
@ExtendWith(CulvertExtension.class)
final class TestNetworkTest {
    private static final int MAX = 1 << 20;
    private static final Address API = Address.parse("edge7.api");

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static String echo(Node caller) throws IOException {
        return new String(caller.call("edge7.api", bytes("hello")), UTF_8);
    }

    private static Node edge(TestNetwork network) throws IOException {
        Node edge = network.node("edge7");
        edge.handleCalls("api", CallRequest::body);
        return edge;
    }

    @Test
    void nodes_offer_and_dial_through_the_relay(TestNetwork network) throws IOException {
        edge(network);
        assertThat(echo(network.node("laptop"))).isEqualTo("hello");
    }

    @Test
    void a_link_that_is_cut_ends_its_streams_at_once_and_comes_back_when_it_is_restored(TestNetwork network)
            throws IOException {
        Node edge = network.node("edge7");
        edge.bind("echo", stream -> stream.input().transferTo(stream.output()));
        Node laptop = network.node("laptop");
        Stream stream = laptop.dial("edge7.echo");
        stream.output().write(1);
        assertThat(stream.input().read()).isEqualTo(1);
        TestLink link = network.link("edge7", "relay1");

        link.cut();

        assertThatThrownBy(() -> stream.input().read())
                .isInstanceOfSatisfying(
                        StreamResetException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LINK_LOST));
        assertThatThrownBy(() -> laptop.dial("edge7.echo")).isInstanceOf(DialException.class);
        assertThat(link.connects()).isEqualTo(1);

        link.restore();

        await().atMost(TestNetwork.PATIENCE)
                .ignoreException(DialException.class)
                .untilAsserted(() -> laptop.dial("edge7.echo").close());
        assertThat(link.connects()).isEqualTo(2);
    }

    @Test
    void a_link_that_swallows_everything_is_given_up_by_its_silence(TestNetwork network) throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Node edge = network.node("edge7");
        edge.handleCalls("api", request -> {
            begun.countDown();
            try {
                never.await();
            } catch (InterruptedException e) {
                interrupted.complete(request.isCancelled());
            }
            return new byte[0];
        });
        CompletableFuture<byte[]> call = network.node("laptop").callAsync(API, bytes("x"), CallOptions.DEFAULT);
        begun.await();

        network.link("edge7", "relay1").drop();

        assertThat(call)
                .failsWithin(TestNetwork.PATIENCE)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(
                        CulvertException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LINK_LOST));
        assertThat(interrupted.get()).isTrue();
    }

    @Test
    void a_peer_that_vanishes_within_a_message_leaves_no_half_message(TestNetwork network) throws Exception {
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        Node edge = network.node("edge7");
        edge.bindMessages("log", messages -> {
            messages.send(bytes("ready"));
            try {
                messages.receive(MAX);
            } catch (IOException e) {
                seen.complete(e);
            }
        });
        Messages messages = network.node("laptop").dialMessages("edge7.log");
        assertThat(messages.receive(MAX)).isEqualTo(bytes("ready"));
        OutputStream half = messages.writer().begin();
        half.write(bytes("half"));
        half.flush();

        network.link("laptop", "relay1").cut();

        assertThat(seen.get()).isInstanceOf(StreamResetException.class);
    }

    @Test
    void a_deadline_passes_on_a_link_that_holds_everything_back(TestNetwork network) throws IOException {
        edge(network);
        Node laptop = network.node("laptop");
        assertThat(echo(laptop)).isEqualTo("hello");
        network.link("edge7", "relay1").stall();

        assertThatThrownBy(() -> laptop.call(API, bytes("x"), CallOptions.DEFAULT.withTimeout(Duration.ofMillis(100))))
                .isInstanceOfSatisfying(
                        CulvertException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DEADLINE));
    }

    @Test
    void nothing_is_lost_on_a_link_that_was_held_back_for_a_moment(TestNetwork network) throws Exception {
        edge(network);
        Node laptop = network.node("laptop");
        TestLink link = network.link("edge7", "relay1");
        link.stall();
        CompletableFuture<byte[]> call = laptop.callAsync(API, new byte[500_000], CallOptions.DEFAULT);

        link.restore();

        assertThat(call.get()).hasSize(500_000);
        assertThat(link.connects()).isEqualTo(1);
    }

    @Test
    void bytes_arrive_late_and_slowly_and_in_order(TestNetwork network) throws Exception {
        edge(network);
        Node laptop = network.node("laptop");
        TestLink link = network.link("laptop", "relay1");
        link.delay(Duration.ofMillis(20));
        link.bytesPerSecond(2_000_000);
        byte[] request = new byte[300_000];
        new java.util.Random(3).nextBytes(request);

        assertThat(laptop.call("edge7.api", request)).isEqualTo(request);
    }

    @Test
    void a_node_is_started_again_under_its_name_and_has_its_services_back(TestNetwork network) throws Exception {
        Node first = edge(network);
        Node laptop = network.node("laptop");
        first.close();
        await().atMost(TestNetwork.PATIENCE)
                .untilAsserted(() -> assertThatThrownBy(() -> echo(laptop)).isInstanceOf(DialException.class));
        edge(network);

        await().atMost(TestNetwork.PATIENCE)
                .ignoreException(DialException.class)
                .untilAsserted(() -> assertThat(echo(laptop)).isEqualTo("hello"));
    }

    @Test
    void the_other_relay_carries_on_when_one_link_is_cut(TestNetwork network) throws IOException {
        network.relay("relay2");
        edge(network);
        Node laptop = network.node("laptop");
        await().atMost(TestNetwork.PATIENCE).until(() -> laptop.sessions().size() == 2);

        network.link("laptop", "relay1").cut();

        await().atMost(TestNetwork.PATIENCE)
                .ignoreException(DialException.class)
                .untilAsserted(() -> assertThat(echo(laptop)).isEqualTo("hello"));
    }

    @Test
    void hooks_and_sessions_are_told_of_a_link_that_is_interrupted(TestNetwork network) throws IOException {
        List<String> told = new CopyOnWriteArrayList<>();
        network.relay(Node.builder()
                .name("relay2")
                .hooks(new NodeHooks() {
                    @Override
                    public void onSessionOpen(Session session) {
                        if (session.node().equals("edge7")) {
                            told.add("open");
                        }
                    }

                    @Override
                    public void onSessionClose(Session session, ErrorCode code, String reason) {
                        if (session.node().equals("edge7")) {
                            told.add("close");
                        }
                    }
                })
                .options());
        network.node(NodeOptions.DEFAULT.withName("edge7"));
        await().atMost(TestNetwork.PATIENCE).until(() -> told.contains("open"));

        network.link("edge7", "relay2").interrupt();

        await().atMost(TestNetwork.PATIENCE).until(() -> told.size() >= 3);
        assertThat(List.copyOf(told).subList(0, 3)).containsExactly("open", "close", "open");
    }

    @Test
    void a_link_or_a_name_that_is_not_there_is_told() {
        try (TestNetwork empty = TestNetwork.start()) {
            assertThatThrownBy(() -> empty.link("edge7", "relay1")).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> empty.node(NodeOptions.DEFAULT)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void a_handler_keeps_its_own_words_through_the_network(TestNetwork network) throws IOException {
        network.node("edge7").handleCalls("api", request -> {
            throw new CallException(0x200, "closed on Sundays");
        });
        Node laptop = network.node("laptop");
        assertThatThrownBy(() -> echo(laptop))
                .isInstanceOfSatisfying(
                        CallException.class, e -> assertThat(e.text()).isEqualTo("closed on Sundays"));
    }
}
