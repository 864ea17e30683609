package dev.culvert.bench;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** What a benchmark process was told on its command line, as {@code -name value} pairs. <em>Immutable.</em> */
final class PeerOptions {
    private static final Set<String> KNOWN = Set.of(
            "port",
            "tls",
            "n",
            "bulk",
            "secs",
            "warm",
            "window",
            "maxWindow",
            "profile",
            "streams",
            "threads",
            "next",
            "cycles",
            "node",
            "serve");

    private final Map<String, String> given;

    private PeerOptions(Map<String, String> given) {
        this.given = Map.copyOf(given);
    }

    static PeerOptions parse(String[] arguments, int from) {
        Map<String, String> given = new HashMap<>();
        for (int i = from; i < arguments.length; i += 2) {
            String name = arguments[i].startsWith("-") ? arguments[i].substring(1) : "";
            if (!KNOWN.contains(name) || i + 1 == arguments.length) {
                throw new IllegalArgumentException(
                        "argument: " + arguments[i] + " (expected: -name value, where name is one of " + KNOWN + ")");
            }
            given.put(name, arguments[i + 1]);
        }
        return new PeerOptions(given);
    }

    String text(String name, String otherwise) {
        return given.getOrDefault(name, otherwise);
    }

    int number(String name, int otherwise) {
        String value = given.get(name);
        return value == null ? otherwise : Integer.parseInt(value);
    }

    long nanos(String name, double otherwiseSeconds) {
        String value = given.get(name);
        return (long) ((value == null ? otherwiseSeconds : Double.parseDouble(value)) * 1e9);
    }
}
