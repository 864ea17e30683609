package dev.culvert.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.util.Map;

/**
 * What the process was started in, read once and handed down. <em>Immutable.</em>
 *
 * @param env the environment
 * @param in standard input
 * @param out standard output, in UTF-8: belongs to the command's result
 * @param err standard error: everything else
 * @param terminal whether a person reads {@code out}
 * @param clock for expiries
 * @param interrupts Ctrl+C and the request to end
 * @param engine starts nodes
 */
record Surroundings(
        Map<String, String> env,
        InputStream in,
        PrintStream out,
        PrintStream err,
        boolean terminal,
        Clock clock,
        Interrupts interrupts,
        NodeStarter engine) {
    Surroundings {
        env = Map.copyOf(env);
    }

    /** A variable's value, empty if it is absent. */
    String variable(String name) {
        return env.getOrDefault(name, "");
    }
}
