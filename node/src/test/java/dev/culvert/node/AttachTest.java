package dev.culvert.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.culvert.api.AttachOptions;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.LinkException;
import dev.culvert.api.ListenOptions;
import dev.culvert.api.Node;
import dev.culvert.api.NodeHooks;
import dev.culvert.api.Session;
import dev.culvert.api.Stream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Links over byte streams that a program has: pipes, sockets, streams of ours. */
@Timeout(60)
final class AttachTest {
    private static final Duration SOON = Duration.ofMillis(200);

    private final Deque<Closeable> closing = new ArrayDeque<>();
    private final List<String> told = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (Closeable one : closing) {
            one.close();
        }
    }

    private Node start(String name, String... listen) throws IOException {
        var builder = Node.builder().name(name).hooks(new Told());
        List.of(listen).forEach(builder::listen);
        Node node = builder.start();
        closing.addFirst(node::close);
        return node;
    }

    private Node hub() throws IOException {
        return start("hub", ListenOptions.ATTACHED);
    }

    /** One end of a pair of pipes. */
    private record End(PipedInputStream in, PipedOutputStream out) {
        static End[] pair() throws IOException {
            PipedInputStream a = new PipedInputStream(1 << 16);
            PipedInputStream b = new PipedInputStream(1 << 16);
            return new End[] {new End(a, new PipedOutputStream(b)), new End(b, new PipedOutputStream(a))};
        }

        boolean isClosed() {
            try {
                in.available();
                out.write(0);
                return false;
            } catch (IOException e) {
                return true;
            }
        }
    }

    private static CompletableFuture<Session> attaching(Node node, End end, AttachOptions options) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return node.attach(end.in(), end.out(), options);
                    } catch (IOException e) {
                        throw new CompletionException(e);
                    }
                },
                Net.THREADS);
    }

    private static void fails(ErrorCode code, CompletableFuture<Session> attaching) {
        assertThatThrownBy(attaching::get)
                .hasCauseInstanceOf(LinkException.class)
                .satisfies(
                        e -> assertThat(((LinkException) e.getCause()).code()).isEqualTo(code));
    }

    private static void echo(Node from, String address) throws IOException {
        try (Stream stream = from.dial(address)) {
            stream.output().write("over anything".getBytes(UTF_8));
            stream.finish();
            assertThat(new String(stream.input().readAllBytes(), UTF_8)).isEqualTo("over anything");
        }
    }

    private final class Told implements NodeHooks {
        @Override
        public void onConnect(String relay, Closeable link) throws RuntimeException {
            told.add("connect " + relay);
        }

        @Override
        public void onLinkUp(String relay, String node) {
            told.add("up " + relay + " " + node);
        }

        @Override
        public void onLinkEnded(String relay, ErrorCode code, String reason) {
            told.add("ended " + relay + " " + code);
        }
    }

    @Test
    void two_nodes_without_a_port_call_each_other_over_pipes() throws Exception {
        Node hub = hub();
        Node edge = start("edge7");
        End[] pipe = End.pair();
        CompletableFuture<Session> serving = attaching(hub, pipe[0], AttachOptions.ACCEPTING.withName("serial0"));
        Session joined = edge.attach(
                pipe[1].in(), pipe[1].out(), AttachOptions.joining(hub.invite()).withName("serial1"));

        assertThat(serving.get().id()).isEqualTo(joined.id());
        assertThat(joined.node()).isEqualTo("hub");
        assertThat(serving.get().remoteAddress()).isEqualTo("attached:serial0");
        edge.bind("echo", stream -> stream.output().write(stream.input().readAllBytes()));
        hub.bind("time", stream -> stream.output().write(stream.input().readAllBytes()));
        echo(hub, "edge7.echo");
        echo(edge, "hub.time");

        pipe[0].out().close();
        await().atMost(Net.PATIENCE)
                .until(() -> !joined.isUp() && hub.sessions().isEmpty());
        await().atMost(Net.PATIENCE).until(() -> told.contains("ended attached:serial1 LINK_LOST"));
        assertThat(told).containsSubsequence("connect attached:serial1", "up attached:serial1 hub");
        await().atMost(Net.PATIENCE).until(() -> pipe[1].isClosed());
    }

    @Test
    void a_socket_and_a_socket_channel_carry_a_link_and_a_closed_session_ends_it() throws Exception {
        Node hub = hub();
        Node edge = start("edge7");
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            SocketChannel near =
                    SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort()));
            Socket far = server.accept();
            CompletableFuture<Session> serving = CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return hub.attach(far, AttachOptions.ACCEPTING);
                        } catch (IOException e) {
                            throw new CompletionException(e);
                        }
                    },
                    Net.THREADS);
            Session session = edge.attach(near, AttachOptions.joining(hub.invite()));
            edge.bind("echo", stream -> stream.output().write(stream.input().readAllBytes()));
            serving.get();
            echo(hub, "echo");
            session.close("done");
            await().atMost(Net.PATIENCE).until(() -> far.isClosed() && !near.isOpen());
            assertThat(edge.sessions()).isEmpty();
        }
    }

    @Test
    void a_link_goes_over_a_stream_of_ours() throws Exception {
        Node outer = start("outer", "127.0.0.1:0");
        Node edge = Node.builder().name("edge7").join(outer.invite()).start();
        closing.addFirst(edge::close);
        edge.awaitLink(Net.PATIENCE);
        Node hub = hub();
        CountDownLatch over = new CountDownLatch(1);
        edge.bind("tunnel", stream -> {
            hub.attach(stream, AttachOptions.ACCEPTING);
            over.await();
        });
        Node inner = start("inner");
        Session session = inner.attach(outer.dial("tunnel"), AttachOptions.joining(hub.invite()));
        inner.bind("echo", stream -> stream.output().write(stream.input().readAllBytes()));
        echo(hub, "inner.echo");
        assertThat(session.node()).isEqualTo("hub");
        over.countDown();
    }

    @Test
    void another_node_than_the_join_string_names_is_no_peer_at_either_end() throws Exception {
        Node hub = hub();
        Node other = start("other", ListenOptions.ATTACHED);
        Node edge = start("edge7");
        End[] pipe = End.pair();
        CompletableFuture<Session> serving = attaching(other, pipe[0], AttachOptions.ACCEPTING);
        fails(ErrorCode.UNAUTHENTICATED, attaching(edge, pipe[1], AttachOptions.joining(hub.invite())));
        fails(ErrorCode.UNAUTHENTICATED, serving);
        await().atMost(Net.PATIENCE).until(() -> pipe[0].isClosed() && pipe[1].isClosed());
        assertThat(other.sessions()).isEmpty();
        assertThat(edge.sessions()).isEmpty();
    }

    @Test
    void silence_ends_at_the_timeout_in_both_roles() throws Exception {
        Node hub = hub();
        Node edge = start("edge7");
        End[] pipe = End.pair();
        End[] second = End.pair();
        fails(ErrorCode.DEADLINE, attaching(hub, pipe[0], AttachOptions.ACCEPTING.withTimeout(SOON)));
        fails(
                ErrorCode.DEADLINE,
                attaching(edge, second[0], AttachOptions.joining(hub.invite()).withTimeout(SOON)));
        await().atMost(Net.PATIENCE).until(() -> pipe[0].isClosed() && second[0].isClosed());
    }

    @Test
    void a_stream_that_ends_or_throws_fails_the_call() throws Exception {
        Node hub = hub();
        Node edge = start("edge7");
        InputStream broken = new InputStream() {
            @Override
            public int read() {
                throw new IllegalStateException("broken on purpose");
            }
        };
        assertThatThrownBy(() -> hub.attach(broken, OutputStream.nullOutputStream(), AttachOptions.ACCEPTING))
                .isInstanceOf(LinkException.class)
                .hasMessageContaining("broken on purpose");
        String join = hub.invite();
        assertThatThrownBy(() -> edge.attach(
                        InputStream.nullInputStream(), OutputStream.nullOutputStream(), AttachOptions.joining(join)))
                .isInstanceOf(LinkException.class)
                .hasMessageContaining("LINK_LOST");
        assertThat(edge.sessions()).isEmpty();
    }

    @Test
    void a_closed_node_takes_no_stream_and_one_that_closes_lets_go() throws Exception {
        Node hub = hub();
        End[] pipe = End.pair();
        CompletableFuture<Session> serving = attaching(hub, pipe[0], AttachOptions.ACCEPTING);
        Node edge = start("edge7");
        AtomicBoolean closed = new AtomicBoolean();
        String join = hub.invite();
        await().atMost(Net.PATIENCE)
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .anyMatch(thread -> thread.getName().startsWith("attached-read-1")));
        hub.close();
        fails(ErrorCode.DRAINING, serving);
        edge.close();
        InputStream in = new InputStream() {
            @Override
            public int read() {
                return -1;
            }

            @Override
            public void close() {
                closed.set(true);
            }
        };
        assertThatThrownBy(() -> edge.attach(in, OutputStream.nullOutputStream(), AttachOptions.joining(join)))
                .isInstanceOf(LinkException.class)
                .hasMessageContaining("DRAINING");
        assertThat(closed).isTrue();
    }

    @Test
    void an_interrupt_ends_the_wait_and_the_stream() throws Exception {
        Node hub = hub();
        End[] pipe = End.pair();
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        Thread waiting = new Thread(() -> {
            try {
                hub.attach(pipe[0].in(), pipe[0].out(), AttachOptions.ACCEPTING);
            } catch (IOException e) {
                failure.complete(e);
            }
        });
        waiting.start();
        waiting.interrupt();
        assertThat(failure.get()).isInstanceOf(InterruptedIOException.class);
        await().atMost(Net.PATIENCE).until(pipe[0]::isClosed);
    }

    @Test
    void a_link_that_its_hook_closes_fails_the_call() throws Exception {
        Node hub = hub();
        Node edge = Node.builder()
                .name("edge7")
                .hooks(new NodeHooks() {
                    @Override
                    public void onConnect(String relay, Closeable link) {
                        try {
                            link.close();
                        } catch (IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    }
                })
                .start();
        closing.addFirst(edge::close);
        End[] pipe = End.pair();
        fails(ErrorCode.LINK_LOST, attaching(edge, pipe[1], AttachOptions.joining(hub.invite())));
        await().atMost(Net.PATIENCE).until(pipe[1]::isClosed);
    }

    @Test
    void misuse_is_told_at_once_and_leaves_the_stream_alone() throws Exception {
        Node hub = hub();
        Node edge = start("edge7");
        End[] pipe = End.pair();
        assertThatThrownBy(() -> edge.attach(pipe[0].in(), pipe[0].out(), AttachOptions.ACCEPTING))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("listen");
        assertThatThrownBy(() -> edge.attach(pipe[0].in(), pipe[0].out(), AttachOptions.joining("culvert://x")))
                .isInstanceOf(IllegalArgumentException.class);
        try (SocketChannel idle = SocketChannel.open()) {
            idle.configureBlocking(false);
            assertThatThrownBy(() -> hub.attach(idle, AttachOptions.ACCEPTING))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("blocking");
        }
        String join = hub.invite();
        assertThatThrownBy(() -> Node.join(join))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("attach");
        assertThat(AttachOptions.joining(join)).asString().doesNotContain(join);
        assertThatThrownBy(() -> AttachOptions.ACCEPTING.withTimeout(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(pipe[0].isClosed()).isFalse();
    }
}
