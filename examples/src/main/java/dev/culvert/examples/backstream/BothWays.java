package dev.culvert.examples.backstream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.culvert.api.Address;
import dev.culvert.api.BindOptions;
import dev.culvert.api.CallOptions;
import dev.culvert.api.Node;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/** Requests with an answer, and notifications, without HTTP: either side asks the other. What the bytes say, protobuf or JSON, is theirs. */
public final class BothWays {
    private static final CallOptions THREE_SECONDS = CallOptions.DEFAULT.withTimeout(Duration.ofSeconds(3));

    private BothWays() {}

    /** This side answers, and is told things. */
    static void listen(Node node, String name, Consumer<String> told) throws IOException {
        node.handleCalls(name, BindOptions.DEFAULT, call -> {
            String text = new String(call.body(), UTF_8);
            told.accept(text);
            return (node.name() + " heard " + text).getBytes(UTF_8);
        });
    }

    static String ask(Node node, String address, String text) throws IOException {
        return new String(node.call(Address.parse(address), text.getBytes(UTF_8), THREE_SECONDS), UTF_8);
    }

    /** Returns when the other side has it. */
    static void tell(Node node, String address, String text) throws IOException {
        node.notify(Address.parse(address), text.getBytes(UTF_8), THREE_SECONDS);
    }
}
