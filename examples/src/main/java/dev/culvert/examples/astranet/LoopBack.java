package dev.culvert.examples.astranet;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.culvert.api.Node;
import dev.culvert.api.Stream;
import java.io.IOException;

/** A node that dials itself: without a link, through the same code as any other dial. Useful for tests, and for parts of one program. */
public final class LoopBack {
    private LoopBack() {}

    static String echo(String text) throws IOException {
        try (Node node = Node.builder().name("alone").start()) {
            node.bind("echo", stream -> stream.transferTo(stream));
            try (Stream stream = node.dial("echo")) {
                stream.output().write(text.getBytes(UTF_8));
                stream.finish();
                return new String(stream.input().readAllBytes(), UTF_8);
            }
        }
    }
}
