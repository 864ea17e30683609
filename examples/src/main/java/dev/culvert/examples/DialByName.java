package dev.culvert.examples;

import dev.culvert.api.DialException;
import dev.culvert.api.Node;
import dev.culvert.api.Stream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Dials a name, says something and prints the answer: {@code CULVERT_JOIN='culvert://...' java ... DialByName echo hello}. */
public final class DialByName {
    private DialByName() {}

    public static void main(String[] args) throws IOException {
        try (Node node = Node.join(System.getenv("CULVERT_JOIN"))) {
            System.out.println(ask(node, args[0], args[1]));
        } catch (DialException e) {
            System.err.println(e.getMessage());
        }
    }

    /** Half-closes after the question, so that the service sees its end, and reads the answer to its own. */
    static String ask(Node node, String name, String question) throws IOException {
        try (Stream stream = node.dial(name)) {
            stream.output().write(question.getBytes(StandardCharsets.UTF_8));
            stream.finish();
            return new String(stream.input().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
