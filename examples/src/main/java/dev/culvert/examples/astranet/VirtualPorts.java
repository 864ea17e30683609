package dev.culvert.examples.astranet;

import dev.culvert.api.BindOptions;
import dev.culvert.api.Node;
import dev.culvert.api.Stream;
import dev.culvert.api.StreamListener;
import java.io.IOException;

/** A listener on a virtual port, 32 bits wide, with or without a name beside it; no port of the machine is opened. */
public final class VirtualPorts {
    private VirtualPorts() {}

    static StreamListener listen(Node node, int port) throws IOException {
        return node.bind("", BindOptions.DEFAULT.withPort(port));
    }

    /** {@link StreamListener#port()} says which. */
    static StreamListener listenAnywhere(Node node) throws IOException {
        return node.bind("", BindOptions.DEFAULT.withAnyPort());
    }

    static StreamListener listen(Node node, String name, int port) throws IOException {
        return node.bind(name, BindOptions.DEFAULT.withPort(port));
    }

    /** Takes callers until the listener is closed, and sends back what each says. */
    static void echo(StreamListener listener) throws IOException {
        while (true) {
            try (Stream stream = listener.accept()) {
                stream.transferTo(stream);
            }
        }
    }
}
