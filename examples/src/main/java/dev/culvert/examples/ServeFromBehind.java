package dev.culvert.examples;

import dev.culvert.api.Binding;
import dev.culvert.api.Node;
import dev.culvert.api.Stream;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/**
 * Serves from a machine that cannot be dialled: {@code CULVERT_JOIN='culvert://...' java ... ServeFromBehind}. Nothing listens on this
 * machine; callers come over its link to the relay.
 */
public final class ServeFromBehind {
    private ServeFromBehind() {}

    public static void main(String[] args) throws Exception {
        try (Node node = Node.join(System.getenv("CULVERT_JOIN"));
                Binding echo = node.bind("echo", ServeFromBehind::echo)) {
            System.out.println("READY " + echo.service() + "   " + node.name() + "." + echo.service());
            new CountDownLatch(1).await();
        }
    }

    /** Sends everything back until the caller finishes. */
    static void echo(Stream stream) throws IOException {
        stream.input().transferTo(stream.output());
    }
}
