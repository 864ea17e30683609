package dev.culvert.examples.wirenet;

import dev.culvert.api.ErrorCode;
import dev.culvert.api.Node;
import dev.culvert.api.NodeHooks;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/** A client that links again whenever its link is lost, and says what happens to it; closing what a hook was given ends that for good. */
public final class ReconnectingClient {
    private ReconnectingClient() {}

    /** All that go-wirenet's options say of it; those that are left out have defaults that do. */
    static Node start(String joinString, Consumer<String> log) throws IOException {
        return Node.builder()
                .join(joinString)
                .keepAlive(Duration.ofSeconds(15))
                .retry(Duration.ZERO, Duration.ofSeconds(1), 100)
                .closeTimeout(Duration.ofSeconds(5))
                .hooks(new Log(log))
                .start();
    }

    private record Log(Consumer<String> lines) implements NodeHooks {
        @Override
        public void onConnect(String relay, Closeable link) {
            lines.accept("connecting");
        }

        @Override
        public void onLinkUp(String relay, String node) {
            lines.accept("linked to " + node);
        }

        @Override
        public void onLinkDown(String relay, ErrorCode code, String reason) {
            lines.accept("lost: " + reason);
        }

        @Override
        public void onLinkEnded(String relay, ErrorCode code, String reason) {
            lines.accept("ended: " + code);
        }
    }
}
