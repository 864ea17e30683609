package dev.culvert.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.api.Address;
import dev.culvert.api.DialException;
import dev.culvert.api.DialOptions;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.Messages;
import dev.culvert.api.StreamMode;
import dev.culvert.api.StreamResetException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages between nodes. [MSG] */
@Timeout(60)
final class MessagesTest {
    private static final int MAX = 1 << 20;

    private final Net net = new Net();
    private CulvertNode edge;
    private CulvertNode caller;

    @BeforeEach
    void start() throws IOException {
        net.start(net.relay("relay1"));
        edge = net.linked("edge7", "relay1");
        caller = net.start(net.agent("laptop", "relay1"));
    }

    @AfterEach
    void close() {
        net.close();
    }

    @Test
    void messages_go_both_ways_on_one_stream() throws IOException {
        edge.bindMessages("echo", messages -> {
            byte[] message;
            while ((message = messages.receive(MAX)) != null) {
                messages.send(("re: " + new String(message, UTF_8)).getBytes(UTF_8));
            }
            messages.send("bye".getBytes(UTF_8));
        });

        try (Messages messages = caller.dialMessages("edge7.echo")) {
            for (int i = 0; i < 1_000; i++) {
                messages.send(("m" + i).getBytes(UTF_8));
                assertThat(new String(messages.receive(MAX), UTF_8)).isEqualTo("re: m" + i);
            }
            messages.finish();
            assertThat(new String(messages.receive(MAX), UTF_8)).isEqualTo("bye");
            assertThat(messages.receive(MAX)).isNull();
        }
    }

    @Test
    void a_stream_in_another_mode_is_refused_and_told_why() throws IOException {
        edge.bindMessages("echo-messages", messages -> {});
        edge.bind("echo-bytes", stream -> {});
        DialOptions unknown = DialOptions.DEFAULT.withHeaders(Map.of(StreamMode.HEADER, "semaphores"));

        refused(() -> caller.dial("echo-messages"), "'echo-messages' takes messages");
        refused(() -> caller.dialMessages("echo-bytes"), "'echo-bytes' takes bytes");
        refused(() -> caller.dial(Address.parse("echo-bytes"), unknown), "semaphores");
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable dial, String text) {
        assertThatThrownBy(dial)
                .isInstanceOfSatisfying(DialException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.PROTOCOL);
                    assertThat(e.hop()).isEqualTo("edge7");
                    assertThat(e.notDelivered()).isTrue();
                })
                .hasMessageContaining(text);
    }

    @Test
    void a_peer_that_vanishes_within_a_message_is_seen_at_once_and_the_half_is_no_message() throws Exception {
        CompletableFuture<Throwable> seen = new CompletableFuture<>();
        edge.bindMessages("echo", messages -> {
            messages.send("ready".getBytes(UTF_8));
            try {
                messages.receive(MAX);
                seen.complete(new AssertionError("half a message was taken for a whole one"));
            } catch (IOException e) {
                seen.complete(e);
            }
        });
        Messages messages = caller.dialMessages("echo");
        messages.receive(MAX);
        OutputStream half = messages.writer().begin();
        half.write("half".getBytes(UTF_8));
        half.flush();

        caller.close();

        assertThat(seen.get())
                .isInstanceOfSatisfying(
                        StreamResetException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LINK_LOST));
    }

    @Test
    void a_reader_that_skips_lets_the_writer_go_on() throws Exception {
        CompletableFuture<String> second = new CompletableFuture<>();
        edge.bindMessages("bulk", messages -> {
            InputStream first = messages.reader().next();
            first.read();
            first.close();
            second.complete(new String(messages.receive(MAX), UTF_8));
        });

        try (Messages messages = caller.dialMessages("bulk")) {
            messages.send(new byte[8 << 20]);
            messages.send("second".getBytes(UTF_8));
            assertThat(second.get()).isEqualTo("second");
        }
    }
}
