package dev.culvert.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.culvert.api.Address;
import dev.culvert.api.DialOptions;
import dev.culvert.api.Stream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/** As many handlers that block as no machine has processors. Before Java 21 they share a bounded pool, see {@link HandlerTest}. */
@Timeout(60)
@EnabledForJreRange(min = JRE.JAVA_21, disabledReason = "virtual threads came with Java 21")
final class ManyHandlersTest {
    private static final int HANDLERS = 10_000;
    private static final Address ECHO = Address.parse("edge7.echo");

    @TempDir
    private Path directory;

    private final Net net = new Net();
    private final AtomicInteger blocked = new AtomicInteger();
    private CulvertNode caller;

    @BeforeEach
    void start() throws IOException {
        net.start(net.relay("relay1"));
        CulvertNode edge = net.linked("edge7", "relay1");
        caller = net.linked("laptop", "relay1");
        edge.bind("echo", stream -> {
            stream.output().write(stream.input().read());
            blocked.incrementAndGet();
            int next = stream.input().read();
            blocked.decrementAndGet();
            stream.output().write(next);
        });
    }

    @AfterEach
    void close() {
        net.close();
    }

    @Test
    void ten_thousand_handlers_wait_without_holding_a_carrier_and_all_go_on() throws IOException {
        try (Recording recording = new Recording()) {
            recording.enable("jdk.VirtualThreadPinned").withoutThreshold();
            recording.start();
            List<Stream> streams = new ArrayList<>();
            for (int i = 0; i < HANDLERS; i++) {
                Stream stream = caller.dial(ECHO, DialOptions.DEFAULT.withEarly(true));
                stream.output().write(i);
                streams.add(stream);
            }
            await().atMost(Net.PATIENCE).until(() -> blocked.get() == HANDLERS);
            assertThat(Net.roundTrip(caller, ECHO.toString(), "yz")).isEqualTo("yz");
            for (int i = 0; i < HANDLERS; i++) {
                assertThat(streams.get(i).input().read()).isEqualTo(i & 0xff);
                streams.get(i).output().write(i + 1);
            }
            for (int i = 0; i < HANDLERS; i++) {
                assertThat(streams.get(i).input().read()).isEqualTo(i + 1 & 0xff);
                streams.get(i).close();
            }
            assertThat(pinnedByUs(recording)).isEmpty();
        }
    }

    private List<RecordedEvent> pinnedByUs(Recording recording) throws IOException {
        Path file = directory.resolve("pinned.jfr");
        recording.dump(file);
        assertThat(Files.size(file)).isPositive();
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getStackTrace() != null
                        && event.getStackTrace().getFrames().stream()
                                .anyMatch(frame ->
                                        frame.getMethod().getType().getName().startsWith("dev.culvert.")))
                .toList();
    }
}
