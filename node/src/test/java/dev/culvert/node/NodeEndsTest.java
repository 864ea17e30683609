package dev.culvert.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.culvert.api.Address;
import dev.culvert.api.DialException;
import dev.culvert.api.DialOptions;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.Stream;
import dev.culvert.api.StreamResetException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How streams, links and nodes end, in whole systems in one process. */
@Timeout(60)
final class NodeEndsTest {
    private final Net net = new Net();

    @AfterEach
    void close() {
        net.close();
    }

    @Test
    void a_target_that_breaks_off_is_told_from_a_lost_link_over_two_relays() throws Exception {
        net.start(net.relay("relay1"));
        net.start(net.relay("relay2").withLink(net.link(net.endpoint("relay1"), "relay1")))
                .awaitLink(Net.PATIENCE);
        CulvertNode edge = net.linked("edge7", "relay1");
        CulvertNode caller = net.linked("laptop", "relay2");
        try (ServerSocket target = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            edge.expose(ExposedService.of("web", new Target.Tcp("127.0.0.1", target.getLocalPort())));
            try (Stream stream =
                    caller.dial(Address.parse("edge7.web"), DialOptions.DEFAULT.withWaitUpTo(Net.PATIENCE))) {
                stream.output().write(1);
                Socket broken = target.accept();
                while (broken.getInputStream().read() < 0) {
                    broken = target.accept(); // that was a probe
                }
                broken.setSoLinger(true, 0);
                broken.close();
                assertThatThrownBy(() -> stream.input().read())
                        .isInstanceOfSatisfying(
                                StreamResetException.class,
                                e -> assertThat(e.code()).isEqualTo(ErrorCode.TARGET_LOST));
            }
        }
    }

    @Test
    void a_service_lives_at_two_relays_and_survives_the_loss_of_one() throws IOException {
        CulvertNode first = net.start(net.relay("relay1"));
        net.start(net.relay("relay2"));
        CulvertNode edge = net.linked("edge7", "relay1", "relay2");
        edge.bind("echo", Net.ECHO);
        CulvertNode caller = net.start(net.agent("laptop", "relay1", "relay2"));
        await().atMost(Net.PATIENCE).until(() -> upLinks(edge) == 2 && upLinks(caller) == 2);
        for (int i = 0; i < 4; i++) {
            assertThat(Net.roundTrip(caller, "edge7.echo", "x" + i)).isEqualTo("x" + i);
        }

        first.close();

        await().atMost(Net.PATIENCE).until(() -> upLinks(edge) == 1 && upLinks(caller) == 1);
        for (int i = 0; i < 4; i++) {
            assertThat(Net.roundTrip(caller, "edge7.echo", "y" + i)).isEqualTo("y" + i);
        }
    }

    @Test
    void a_lost_link_ends_its_streams_at_once_and_the_name_comes_back() throws Exception {
        CulvertNode relay = net.start(net.relay("relay1"));
        CulvertNode edge = net.linked("edge7", "relay1");
        edge.bind("echo", Net.ECHO);
        CulvertNode caller = net.start(net.agent("laptop", "relay1"));
        Stream stream = caller.dial("echo");
        stream.output().write(1);
        assertThat(stream.input().read()).isEqualTo(1);

        relay.close();

        assertThatThrownBy(() -> stream.input().read())
                .isInstanceOfSatisfying(
                        StreamResetException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LINK_LOST));
        net.start(net.relay("relay1"));
        await().atMost(Net.PATIENCE)
                .ignoreException(DialException.class)
                .untilAsserted(() ->
                        assertThat(Net.roundTrip(caller, "edge7.echo", "back")).isEqualTo("back"));
    }

    @Test
    void a_caller_that_resets_is_seen_by_the_service_with_its_code() throws Exception {
        net.start(net.relay("relay1"));
        CulvertNode edge = net.linked("edge7", "relay1");
        CompletableFuture<Integer> seen = new CompletableFuture<>();
        edge.bind("echo", stream -> {
            stream.output().write(1);
            try {
                seen.complete(stream.input().read());
            } catch (StreamResetException e) {
                seen.complete(e.number());
            }
        });
        CulvertNode caller = net.start(net.agent("laptop", "relay1"));
        Stream stream = caller.dial("echo");
        assertThat(stream.input().read()).isEqualTo(1);

        stream.reset(0x123);

        assertThat(seen.get()).isEqualTo(0x123);
    }

    @Test
    void a_handler_that_fails_resets_its_stream_and_touches_no_other() throws IOException {
        net.start(net.relay("relay1"));
        CulvertNode edge = net.linked("edge7", "relay1");
        edge.bind("echo", stream -> {
            if (stream.input().read() == 'x') {
                throw new IllegalStateException("broken on purpose");
            }
            stream.output().write('y');
        });
        CulvertNode caller = net.start(net.agent("laptop", "relay1"));

        Stream broken = caller.dial("echo");
        broken.output().write('x');
        assertThatThrownBy(() -> broken.input().read())
                .isInstanceOfSatisfying(
                        StreamResetException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL));
        assertThat(Net.roundTrip(caller, "echo", "a")).isEqualTo("y");
    }

    @Test
    void a_drained_agent_lets_streams_end_and_is_gone() throws Exception {
        net.start(net.relay("relay1"));
        CulvertNode edge = net.linked("edge7", "relay1");
        edge.bind("echo", Net.ECHO);
        CulvertNode caller = net.start(net.agent("laptop", "relay1"));
        Stream open = caller.dial("echo");

        CompletableFuture<Integer> left =
                CompletableFuture.supplyAsync(() -> edge.drain(Duration.ofSeconds(10)), Net.THREADS);
        await().atMost(Net.PATIENCE)
                .untilAsserted(
                        () -> assertThatThrownBy(() -> caller.dial("echo")).isInstanceOf(DialException.class));
        open.output().write("last".getBytes(UTF_8));
        open.finish();
        assertThat(new String(open.input().readAllBytes(), UTF_8)).isEqualTo("last");

        assertThat(left.get()).isZero();
        await().atMost(Net.PATIENCE)
                .untilAsserted(() -> Net.refused(caller, "echo", ErrorCode.UNKNOWN_SERVICE, "relay1"));
    }

    private static long upLinks(CulvertNode node) {
        return node.status().links().stream()
                .filter(link -> link.state().equals("up"))
                .count();
    }
}
