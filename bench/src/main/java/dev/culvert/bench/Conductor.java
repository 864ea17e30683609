package dev.culvert.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The other end of this process's standard streams: whoever started it. Owned by the main thread, except {@link #fail}, which any
 * thread may call.
 */
final class Conductor {
    private final BufferedReader input =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));

    /** The process can be used now. */
    void ready(String figures) {
        say("ready " + figures);
    }

    /** Reports a phase with this process's memory and waits until the conductor has looked. */
    void at(String phase) {
        say("at " + phase + " " + Memory.figures());
        if (line() == null) {
            fail("the conductor is gone");
        }
    }

    void result(String figures) {
        say("result " + figures);
    }

    /** Answers the conductor's lines until the input ends. */
    void obey(Map<String, Supplier<String>> orders) {
        for (String line = line(); line != null; line = line()) {
            Supplier<String> order = orders.get(line);
            if (order == null) {
                fail("order: " + line + " (expected: one of " + orders.keySet() + ")");
            } else {
                say(order.get());
            }
        }
    }

    /** Ends the process: a run with an error is no run. */
    static void fail(String reason) {
        System.err.println("error: " + reason);
        System.err.flush();
        Runtime.getRuntime().halt(1);
    }

    static void fail(Throwable cause) {
        cause.printStackTrace();
        fail(cause.toString());
    }

    private @Nullable String line() {
        try {
            return input.readLine();
        } catch (IOException e) {
            return null;
        }
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
