package dev.culvert.examples;

import dev.culvert.api.Node;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;

/** A relay inside a program of your own: TLS with a key that it keeps, join strings that pin it, and a service of the relay's. */
public final class RelayInProcess implements AutoCloseable {
    private final Node node;

    /** @param state where the key and the invites are kept */
    public RelayInProcess(Path state, InstantSource clock) throws IOException {
        this.node = Node.builder()
                .name("relay")
                .listen("127.0.0.1:0")
                .stateDirectory(state)
                .start();
        node.bind(
                "time",
                stream -> stream.output().write(clock.instant().toString().getBytes(StandardCharsets.UTF_8)));
    }

    /** A join string for one machine: it may offer and dial every name, and must be used within an hour. */
    public String invite() throws IOException {
        return node.invite();
    }

    @Override
    public void close() {
        node.close();
    }
}
