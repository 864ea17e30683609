package dev.culvert.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.culvert.api.ErrorCode;
import dev.culvert.api.NodeHooks;
import dev.culvert.api.Stream;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an embedder is told. */
@Timeout(60)
final class HooksTest {
    private final Net net = new Net();
    private final List<String> told = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        net.close();
    }

    /** Writes down what it hears of links. */
    private class Recorder implements NodeHooks {
        @Override
        public void onConnect(String relay, Closeable link) {
            told.add("connect");
        }

        @Override
        public void onLinkUp(String relay, String node) {
            told.add("up " + node);
        }

        @Override
        public void onLinkDown(String relay, ErrorCode code, String reason) {
            told.add("down");
        }

        @Override
        public void onLinkRetry(String relay, ErrorCode code, String reason, Duration delay) {
            told.add("retry");
        }

        @Override
        public void onLinkEnded(String relay, ErrorCode code, String reason) {
            told.add("ended " + code);
        }

        @Override
        public void onHandlerFailed(Stream stream, Throwable cause) {
            told.add("handler of " + stream.address().service() + ": " + cause.getMessage());
        }

        @Override
        public void onHookFailed(String where, Throwable cause) {
            told.add("hook: " + cause.getMessage());
        }
    }

    private CulvertNode start(String name, NodeHooks hooks) throws IOException {
        return net.start(net.agent(name, "relay1"), new Hooks(name, hooks, net.loops));
    }

    @Test
    void the_life_of_a_link_is_told_in_order() throws IOException {
        CulvertNode relay = net.start(net.relay("relay1"));
        start("edge7", new Recorder());
        await().atMost(Net.PATIENCE).until(() -> told.contains("up relay1"));

        relay.close();

        await().atMost(Net.PATIENCE).until(() -> told.size() >= 5);
        assertThat(List.copyOf(told).subList(0, 5)).containsExactly("connect", "up relay1", "down", "retry", "connect");
    }

    @Test
    void closing_the_link_in_the_connect_hook_ends_it_for_good() throws IOException {
        CountDownLatch closed = new CountDownLatch(1);
        CulvertNode edge = start("edge7", new Recorder() {
            @Override
            public void onConnect(String relay, Closeable link) {
                super.onConnect(relay, link);
                try {
                    link.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                closed.countDown();
            }
        });
        await().atMost(Net.PATIENCE).until(() -> closed.getCount() == 0);
        CulvertNode relay = net.start(net.relay("relay1"));
        CulvertNode other = start("edge8", NodeHooks.NONE);
        other.awaitLink(Net.PATIENCE);

        assertThat(relay.status().sessions())
                .singleElement()
                .satisfies(session -> assertThat(session.node()).isEqualTo("edge8"));
        assertThat(edge.status().links()).noneMatch(link -> link.state().equals("up"));
    }

    @Test
    void a_hook_that_blocks_or_throws_delays_nobody() throws IOException {
        net.start(net.relay("relay1"));
        CountDownLatch release = new CountDownLatch(1);
        CulvertNode edge = start("edge7", new Recorder() {
            @Override
            public void onConnect(String relay, Closeable link) {
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                throw new IllegalStateException("broken on purpose");
            }
        });
        edge.awaitLink(Net.PATIENCE);
        edge.bind("echo", Net.ECHO);
        CulvertNode caller = start("laptop", NodeHooks.NONE);
        assertThat(Net.roundTrip(caller, "edge7.echo", "hello")).isEqualTo("hello");
        assertThat(told).isEmpty();

        release.countDown();

        await().atMost(Net.PATIENCE)
                .untilAsserted(() -> assertThat(told).containsExactly("hook: broken on purpose", "up relay1"));
    }

    @Test
    void a_handler_that_throws_is_told_with_its_stream() throws IOException {
        net.start(net.relay("relay1"));
        CulvertNode edge = start("edge7", new Recorder());
        edge.awaitLink(Net.PATIENCE);
        edge.bind("echo", stream -> {
            stream.input().read();
            throw new IllegalStateException("broken on purpose");
        });
        CulvertNode caller = start("laptop", NodeHooks.NONE);

        caller.dial("echo").output().write(1);

        await().atMost(Net.PATIENCE).until(() -> told.contains("handler of echo: broken on purpose"));
    }

    @Test
    void close_waits_for_open_streams_as_long_as_it_was_told() throws Exception {
        net.start(net.relay("relay1"));
        NodeConfig patient = net.agent("edge7", "relay1")
                .withLimits(NodeLimits.DEFAULT.withTimes(NodeTimes.DEFAULT.withCloseMillis(Net.PATIENCE.toMillis())));
        CulvertNode edge = net.start(patient);
        edge.awaitLink(Net.PATIENCE);
        edge.bind("echo", Net.ECHO);
        CulvertNode caller = start("laptop", NodeHooks.NONE);
        try (Stream stream = caller.dial("echo")) {
            Thread closing = new Thread(edge::close);
            closing.start();
            await().atMost(Net.PATIENCE)
                    .until(() -> closing.getState() == Thread.State.WAITING
                            || closing.getState() == Thread.State.TIMED_WAITING);

            stream.output().write("last".getBytes(UTF_8));
            stream.finish();

            assertThat(stream.input().readAllBytes()).isEqualTo("last".getBytes(UTF_8));
            closing.join(Net.PATIENCE.toMillis());
            assertThat(closing.isAlive()).isFalse();
        }
    }
}
