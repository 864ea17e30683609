package dev.culvert.examples.wirenet;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.culvert.api.Binding;
import dev.culvert.api.Messages;
import dev.culvert.api.Node;
import java.io.IOException;
import java.util.function.Consumer;

/** Keys that are pressed at one machine and heard at another, one message each, on one stream that stays open. */
public final class RemoteKeyboard implements AutoCloseable {
    private static final int MAX_KEY_BYTES = 64;

    private final Messages keys;

    /** Connects to the machine that listens. */
    public RemoteKeyboard(Node node, String name) throws IOException {
        this.keys = node.dialMessages(name);
    }

    /** The machine that listens. A key never comes in halves. */
    static Binding listen(Node node, String name, Consumer<String> heard) throws IOException {
        return node.bindMessages(name, messages -> {
            for (byte[] key = messages.receive(MAX_KEY_BYTES); key != null; key = messages.receive(MAX_KEY_BYTES)) {
                heard.accept(new String(key, UTF_8));
            }
        });
    }

    /** Leaves at once. */
    public void press(String key) throws IOException {
        keys.send(key.getBytes(UTF_8));
    }

    @Override
    public void close() throws IOException {
        keys.close();
    }
}
