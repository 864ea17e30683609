package dev.culvert.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.culvert.api.Address;
import dev.culvert.api.BindOptions;
import dev.culvert.api.CulvertException;
import dev.culvert.api.DialException;
import dev.culvert.api.DialOptions;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.Node;
import dev.culvert.api.RegistrationException;
import dev.culvert.api.Stream;
import dev.culvert.api.StreamListener;
import dev.culvert.api.StreamResetException;
import dev.culvert.link.transport.LinkPortOptions;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import dev.culvert.policy.Authenticator;
import dev.culvert.policy.NamePatterns;
import dev.culvert.policy.PortRange;
import dev.culvert.policy.Principal;
import dev.culvert.policy.Scope;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an embedder may do wrong: an error that says so, never a hang, and nobody else suffers. */
@Timeout(60)
final class MisuseTest {
    private final Net net = new Net();

    @AfterEach
    void close() {
        net.close();
    }

    @Test
    void a_thread_that_is_stuck_in_a_write_is_woken_when_another_closes_the_stream() throws Exception {
        Pair pair = pair();
        pair.edge.bind("bulk");
        Stream stream = pair.caller.dial(Address.parse("bulk"), DialOptions.DEFAULT.withEarly(true));
        CompletableFuture<Throwable> stuck = CompletableFuture.supplyAsync(
                () -> catchThrowable(() -> {
                    while (true) {
                        stream.output().write(new byte[64 * 1024]);
                    }
                }),
                Net.THREADS);
        await().atMost(Net.PATIENCE).until(() -> pair.caller.status().traffic().bytesIn() > 0);

        stream.close();

        assertThat(stuck).succeedsWithin(Net.PATIENCE).isInstanceOf(IOException.class);
    }

    @Test
    void a_thread_that_is_stuck_in_a_read_is_woken_when_another_closes_the_stream() throws Exception {
        Pair pair = pair();
        pair.edge.bind("echo", stream -> stream.input().read());
        Stream stream = pair.caller.dial("echo");
        CompletableFuture<Throwable> stuck = CompletableFuture.supplyAsync(
                () -> catchThrowable(() -> stream.input().read()), Net.THREADS);

        stream.close();

        assertThat(stuck).succeedsWithin(Net.PATIENCE).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_closed_node_says_that_it_is_closed(boolean ownLoops) throws IOException {
        NodeConfig config = net.agent("laptop", "relay1");
        CulvertNode node = ownLoops ? CulvertNode.start(config, NodeListener.NONE) : net.start(config);
        node.close();
        node.close();

        assertThatThrownBy(() -> node.dial("web"))
                .isInstanceOfSatisfying(
                        DialException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DRAINING))
                .hasMessageContaining("this node is closed");
        assertThat(node.dialAsync(Address.parse("web"), DialOptions.DEFAULT)).isCompletedExceptionally();
        ByteBuf first = Unpooled.buffer(1).writeByte(1);
        assertThatThrownBy(() -> node.open(Address.parse("web"), DialOptions.DEFAULT, first, new Ignoring())
                        .toCompletableFuture()
                        .get())
                .hasMessageContaining("this node is closed");
        assertThat(first.refCnt()).isZero();
        assertThatThrownBy(() -> node.bind("web"))
                .isInstanceOf(RegistrationException.class)
                .hasMessageContaining("this node is closed");
        assertThat(node.drain(Duration.ofSeconds(1))).isZero();
        assertThatThrownBy(() -> node.awaitLink(Duration.ofSeconds(1))).isInstanceOf(CulvertException.class);
    }

    @Test
    void a_dial_that_waits_for_a_link_ends_when_the_node_is_closed() throws Exception {
        CulvertNode node = CulvertNode.start(net.agent("laptop", "relay1"), NodeListener.NONE);
        CompletableFuture<Throwable> waiting =
                CompletableFuture.supplyAsync(() -> catchThrowable(() -> node.dial("web")), Net.THREADS);
        node.close();
        assertThat(waiting).succeedsWithin(Net.PATIENCE).isInstanceOf(IOException.class);
    }

    @Test
    void an_interrupted_dial_leaves_no_stream_behind() throws Exception {
        Pair pair = pair();
        StreamListener listener = pair.edge.bind("greet");
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> pair.caller.dial("greet")).isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.interrupted()).isTrue();

        // a dial that is cancelled in the turn in which it began leaves nothing to accept
        Stream stream = listener.accept(Duration.ofSeconds(2));
        if (stream != null) {
            assertThatThrownBy(() -> stream.input().read())
                    .isInstanceOfSatisfying(
                            StreamResetException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
        }
        await().atMost(Net.PATIENCE)
                .until(() -> pair.edge.status().traffic().open() == 0
                        && pair.caller.status().traffic().open() == 0);
    }

    @Test
    void a_name_is_bound_once_and_the_first_binding_lives_on() throws IOException {
        Pair pair = pair();
        pair.edge.bind("greet", stream -> stream.output().write("first".getBytes(UTF_8)));
        assertThatThrownBy(() -> pair.edge.bind("greet"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("greet");
        assertThat(Net.roundTrip(pair.caller, "greet", "")).isEqualTo("first");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "https://relay.example.com", "culvert://", "culvert://relay:7443/abc/def", "token"})
    void what_is_no_join_string_is_told_so(String text) {
        assertThatThrownBy(() -> Node.join(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("join string ")
                .hasMessageContaining("culvert invite");
    }

    @Test
    void calls_that_wait_refuse_to_run_on_an_event_loop_and_close_does_not_wait_there() throws Exception {
        Pair pair = pair();
        CompletableFuture<List<Throwable>> seen = new CompletableFuture<>();
        CompletableFuture<Throwable> closed = new CompletableFuture<>();
        pair.edge.serve("own", BindOptions.DEFAULT, opened -> {
            List<Throwable> thrown = new ArrayList<>();
            thrown.add(catchThrowable(() -> pair.edge.dial("own")));
            thrown.add(catchThrowable(() -> pair.edge.bind("other")));
            thrown.add(catchThrowable(() -> pair.edge.awaitLink(Net.PATIENCE)));
            thrown.add(catchThrowable(pair.edge::status));
            thrown.add(catchThrowable(() -> pair.edge.drain(Duration.ofSeconds(1))));
            seen.complete(thrown);
            closed.complete(catchThrowable(pair.edge::close));
            return new Ignoring();
        });
        Throwable ignored = catchThrowable(() -> pair.caller.dial("own"));

        assertThat(seen)
                .succeedsWithin(Net.PATIENCE)
                .satisfies(thrown -> assertThat(thrown)
                        .hasSize(5)
                        .allSatisfy(e -> assertThat(e)
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessageContaining("event loop")));
        assertThat(closed).succeedsWithin(Net.PATIENCE).isNull();
        assertThat(ignored)
                .satisfiesAnyOf(e -> assertThat(e).isNull(), e -> assertThat(e).isInstanceOf(DialException.class));
    }

    @Test
    void a_listener_that_throws_harms_nothing() throws IOException {
        net.start(net.relay("relay1"), new Throwing());
        CulvertNode edge = net.start(net.agent("edge7", "relay1"), new Throwing());
        edge.awaitLink(Net.PATIENCE);
        edge.bind("echo", Net.ECHO);
        CulvertNode caller = net.start(net.agent("laptop", "relay1"), new Throwing());
        assertThat(Net.roundTrip(caller, "echo", "hello")).isEqualTo("hello");
    }

    @Test
    void an_acceptor_that_throws_refuses_its_caller_and_harms_no_other() throws IOException {
        Pair pair = pair();
        pair.edge.bind("echo", Net.ECHO);
        pair.edge.serve("own", BindOptions.DEFAULT, stream -> {
            throw new IllegalStateException("broken on purpose");
        });
        pair.edge.bind("greet", stream -> {
            throw new StackOverflowError("broken on purpose");
        });
        assertThatThrownBy(() -> pair.caller.dial("own"))
                .isInstanceOfSatisfying(
                        DialException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL))
                .hasMessageNotContaining("on purpose");
        assertThatThrownBy(() -> pair.caller.dial("greet").input().read())
                .isInstanceOfSatisfying(
                        CulvertException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL));
        assertThat(Net.roundTrip(pair.caller, "echo", "hello")).isEqualTo("hello");
    }

    @Test
    void nodes_and_streams_may_be_closed_by_many_threads_at_once() throws Exception {
        for (int round = 0; round < 20; round++) {
            CulvertNode relay = CulvertNode.start(net.relay("relay" + round), NodeListener.NONE);
            CulvertNode edge = CulvertNode.start(net.agent("edge" + round, "relay" + round), NodeListener.NONE);
            edge.awaitLink(Net.PATIENCE);
            edge.bind("echo", Net.ECHO);
            Stream stream = edge.dial("echo");
            CountDownLatch start = new CountDownLatch(1);
            List<CompletableFuture<Throwable>> storm = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                storm.add(together(start, edge::close));
                storm.add(together(start, stream::close));
                storm.add(together(start, relay::close));
                storm.add(together(start, () -> edge.dial("echo").close()));
                storm.add(together(start, () -> edge.bind("web").close()));
                storm.add(together(start, () -> stream.output().write(new byte[1000])));
            }
            start.countDown();
            assertThat(storm)
                    .allSatisfy(each -> assertThat(each)
                            .succeedsWithin(Net.PATIENCE)
                            .satisfiesAnyOf(
                                    e -> assertThat(e).isNull(),
                                    e -> assertThat(e).isInstanceOf(IOException.class),
                                    e -> assertThat(e).isInstanceOf(IllegalArgumentException.class)));
        }
    }

    @Test
    void hundreds_of_long_names_are_offered_over_one_link() throws IOException {
        CulvertNode edge = net.start(net.agent("edge7", "relay1"));
        for (int i = 0; i < 600; i++) {
            edge.expose(ExposedService.of("web-" + i + "-" + "x".repeat(100), Target.parse("127.0.0.1:1")));
        }
        CulvertNode relay = net.start(net.relay("relay1"));
        edge.awaitLink(Net.PATIENCE);
        await().atMost(Net.PATIENCE).until(() -> relay.status().services().size() == 600);
    }

    @Test
    void hundreds_of_refused_names_keep_no_link_from_coming_up() throws IOException {
        CulvertNode edge = net.start(net.agent("edge7", "relay1"));
        for (int i = 0; i < 480; i++) {
            edge.expose(ExposedService.of("web-" + i, Target.parse("127.0.0.1:1")));
        }
        Scope callers = new Scope("default", NamePatterns.NONE, NamePatterns.ALL, PortRange.NONE, false);
        ListenConfig noServices = new ListenConfig(
                List.of(net.endpoint("relay1")),
                LinkPortOptions.DEFAULT.withClear(true),
                claim -> new Authenticator.Accepted(Principal.ANONYMOUS, callers, Long.MAX_VALUE),
                "127.0.0.1");
        net.start(NodeConfig.of(new NodeIdentity(net.key("relay1"), "relay1", "default"))
                .withListen(noServices));
        edge.awaitLink(Net.PATIENCE);
        assertThat(edge.status().links())
                .singleElement()
                .satisfies(link -> assertThat(link.state()).isEqualTo("up"));
    }

    private static CompletableFuture<Throwable> together(
            CountDownLatch start, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        CompletableFuture<Throwable> done = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                start.await();
                done.complete(catchThrowable(call));
            } catch (InterruptedException e) {
                done.complete(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return done;
    }

    private record Pair(CulvertNode edge, CulvertNode caller) {}

    private Pair pair() throws IOException {
        net.start(net.relay("relay1"));
        CulvertNode edge = net.start(net.agent("edge7", "relay1"));
        CulvertNode caller = net.start(net.agent("laptop", "relay1"));
        edge.awaitLink(Net.PATIENCE);
        caller.awaitLink(Net.PATIENCE);
        return new Pair(edge, caller);
    }

    private static final class Ignoring implements StreamHandler {
        @Override
        public void onData(MuxStream stream, ByteBuf data) {
            data.release();
        }

        @Override
        public void onFinish(MuxStream stream) {
            stream.finish();
        }

        @Override
        public void onReset(MuxStream stream, int code) {
            // nothing is held
        }
    }

    private static final class Throwing implements NodeListener {
        @Override
        public void onStep(String relay, String step, String detail, long nanos) {
            throw new IllegalStateException("broken on purpose");
        }

        @Override
        public void onLinkUp(String relay, LinkUp up) {
            throw new IllegalStateException("broken on purpose");
        }

        @Override
        public void onServiceRegistered(String relay, String service, int publicPort) {
            throw new IllegalStateException("broken on purpose");
        }

        @Override
        public void onReady() {
            throw new IllegalStateException("broken on purpose");
        }

        @Override
        public void onPeerUp(String node, String principal, String remoteAddress) {
            throw new IllegalStateException("broken on purpose");
        }
    }
}
