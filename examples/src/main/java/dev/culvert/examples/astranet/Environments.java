package dev.culvert.examples.astranet;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.culvert.api.InviteOptions;
import dev.culvert.api.Node;
import dev.culvert.api.Stream;
import java.io.IOException;

/** Environments are namespaces: the same names in each, and no way from one to the other. Which one a node is in, its invitation says. */
public final class Environments {
    private Environments() {}

    static Node join(Node relay, String environment) throws IOException {
        return Node.join(relay.invite(InviteOptions.DEFAULT.withNamespace(environment)));
    }

    static void say(Node node, String text) throws IOException {
        node.bind("motto", stream -> stream.output().write(text.getBytes(UTF_8)));
    }

    static String hear(Node node) throws IOException {
        try (Stream stream = node.dial("motto")) {
            return new String(stream.input().readAllBytes(), UTF_8);
        }
    }
}
