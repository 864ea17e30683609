package dev.culvert.examples.wirenet;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.culvert.api.Address;
import dev.culvert.api.Binding;
import dev.culvert.api.DialOptions;
import dev.culvert.api.Node;
import dev.culvert.api.Stream;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A hub that passes streams between its clients: one client offers a name, another opens it, and neither can be dialled. The name is free
 * text and taken as it is.
 */
public final class HubWithTwoNodes {
    static final String NAME = "client2:read balance";

    private HubWithTwoNodes() {}

    static Node hub(Path state) throws IOException {
        return Node.builder()
                .name("hub")
                .listen("127.0.0.1:0")
                .stateDirectory(state)
                .start();
    }

    static Binding offer(Node client2) throws IOException {
        return client2.bind(NAME, stream -> stream.output().write("42".getBytes(UTF_8)));
    }

    static String read(Node client1) throws IOException {
        try (Stream stream = client1.dial(Address.service(NAME), DialOptions.DEFAULT)) {
            return new String(stream.input().readAllBytes(), UTF_8);
        }
    }
}
