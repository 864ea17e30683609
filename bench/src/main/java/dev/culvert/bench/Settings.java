package dev.culvert.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How the rows are run. <em>Immutable.</em>
 *
 * @param wanted row keys, or beginnings of them; empty: all
 * @param quick small counts and short times: to see that everything runs, not how fast
 * @param rounds rounds of each row
 * @param fast words before every command of a row on an unlimited loopback
 * @param slow words before every command of a row on a slow one; empty: there is none, and its rows are left out
 * @param wire the same where packets are as small as on a wire
 * @param programs what is started
 * @param out the directory of the results
 */
record Settings(
        List<String> wanted,
        boolean quick,
        int rounds,
        List<String> fast,
        List<String> slow,
        List<String> wire,
        Programs programs,
        Path out) {
    /**
     * @param java the words that start a {@link Peer}
     * @param go the Go program
     * @param raw the script that measures TCP without a multiplexer
     * @param chain the script that starts ways through several processes; empty: the rows about them are left out
     * @param load the script that puts load on them
     */
    record Programs(List<String> java, String go, String raw, String chain, String load) {}

    static Settings parse(String[] arguments, List<String> java) {
        List<String> wanted = new ArrayList<>();
        boolean quick = false;
        int rounds = 0;
        List<String> fast = List.of();
        List<String> slow = List.of();
        List<String> wire = List.of();
        String directory = ".";
        boolean chains = true;
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--quick" -> quick = true;
                case "--no-chains" -> chains = false;
                case "--rounds" -> rounds = Integer.parseInt(arguments[++i]);
                case "--fast" -> fast = words(arguments[++i]);
                case "--slow" -> slow = words(arguments[++i]);
                case "--wire" -> wire = words(arguments[++i]);
                case "--directory" -> directory = arguments[++i];
                default -> wanted.add(wanted(arguments[i]));
            }
        }
        Programs programs = new Programs(
                java,
                directory + "/target/go-peer",
                directory + "/raw-tcp",
                chains ? directory + "/chain" : "",
                directory + "/load");
        return new Settings(
                List.copyOf(wanted),
                quick,
                rounds > 0 ? rounds : quick ? 1 : 3,
                fast,
                slow,
                wire,
                programs,
                Path.of(directory, "target", "results"));
    }

    /** The directory of the relay's key. */
    Path keys() {
        return out.resolve("keys");
    }

    boolean wants(Row row) {
        return wanted.isEmpty() || wanted.stream().anyMatch(row.key()::startsWith);
    }

    private static String wanted(String argument) {
        if (argument.startsWith("-")) {
            throw new IllegalArgumentException(
                    "option: " + argument + " (expected: --quick, --rounds N, or beginnings of row names)");
        }
        return argument;
    }

    private static List<String> words(String text) {
        return text.isBlank() ? List.of() : List.of(text.trim().split("\\s+"));
    }
}
