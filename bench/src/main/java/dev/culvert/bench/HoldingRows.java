package dev.culvert.bench;

import dev.culvert.bench.Goal.Figure;
import dev.culvert.bench.Row.Shown;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The rows about what idle streams, links and relayed pairs hold. <em>Stateless.</em> */
final class HoldingRows {
    private static final int LIMIT_SECONDS = 300;
    /** What is held after a collection is the same each time, and a million streams of the yardstick take most of a minute. */
    private static final int ROUNDS = 1;

    private static final int LINKS_PER_PROCESS = 5_000;
    private static final String X = "culvert, profile X";
    private static final String GO = "go yamux";
    private static final String NODES = "culvert nodes, TLS 1.3 BoringSSL";

    private HoldingRows() {}

    static List<Row> all(Settings settings) {
        Commands run = Commands.fast(settings);
        int streams = settings.quick() ? 20_000 : 1_000_000;
        int links = settings.quick() ? 400 : 10_000;
        return List.of(
                streams(run, streams),
                patterns(run, streams),
                pairs(run, streams),
                nodePairs(run, streams),
                links(run, links));
    }

    private static Row streams(Commands run, int n) {
        String room = "-streams " + 2 * n;
        return new Row(
                "idle-streams",
                "idle open streams on one link, bytes per stream and side, streams: " + n,
                List.of(
                        run.go(GO, "", "idle -n " + n),
                        run.ours(X, room, "idle -n " + n),
                        run.nodes(NODES, "idle -n " + n)),
                List.of(
                        new Shown("clientHeap", "heap B, opener"),
                        new Shown("serverHeap", "heap B, acceptor"),
                        new Shown("clientResident", "resident B, opener"),
                        new Shown("serverResident", "resident B, acceptor"),
                        new Shown("openSeconds", "s to open")),
                Stream.of(X, NODES).flatMap(HoldingRows::streamGoals).toList(),
                figures -> perStream(figures, n),
                LIMIT_SECONDS,
                ROUNDS);
    }

    private static Row patterns(Commands run, int n) {
        String room = "-streams " + 2 * n;
        return new Row(
                "patterns",
                "a pattern of its own there and back on each of many open streams of one link, every byte compared, streams: "
                        + n,
                List.of(run.ours(X, room, "patterns -n " + n), run.nodes(NODES, "patterns -n " + n)),
                List.of(
                        new Shown("equal", "streams whose bytes came back"),
                        new Shown("openSeconds", "s to open"),
                        new Shown("exchangeSeconds", "s to exchange"),
                        new Shown("heapLeft", "heap B left, the worse side")),
                Stream.of(X, NODES).flatMap(who -> patternGoals(who, n)).toList(),
                figures -> perPattern(figures, n),
                LIMIT_SECONDS,
                ROUNDS);
    }

    private static Stream<Goal> patternGoals(String who, int n) {
        return Stream.of(
                new Goal("streams whose bytes came back, " + who, new Figure(who, "equal"), null, true, n, n),
                new Goal("heap left per stream after the end, " + who, new Figure(who, "heapLeft"), null, false, 2, 1));
    }

    private static Map<String, Double> perPattern(Map<String, Double> figures, int n) {
        checkAllOpen(figures, "open.server0.streams", n);
        checkAllOpen(figures, "verified.server0.streams", n);
        Map<String, Double> derived = new LinkedHashMap<>(figures);
        derived.put(
                "heapLeft",
                Math.max(growth(figures, "closed", "client", "heap"), growth(figures, "closed", "server0", "heap"))
                        / n);
        return derived;
    }

    private static Stream<Goal> streamGoals(String who) {
        return Stream.of(
                new Goal("heap per stream, the worse side, " + who, new Figure(who, "heap"), null, false, 160, 96),
                new Goal(
                        "resident per stream, the worse side, " + who,
                        new Figure(who, "resident"),
                        null,
                        false,
                        300,
                        180),
                new Goal("heap left per stream after the end, " + who, new Figure(who, "heapLeft"), null, false, 2, 1));
    }

    private static Map<String, Double> perStream(Map<String, Double> figures, int n) {
        checkAllOpen(figures, "open.server0.streams", n);
        Map<String, Double> derived = new LinkedHashMap<>(figures);
        for (String side : List.of("client", "server")) {
            String from = side.equals("client") ? "client" : "server0";
            derived.put(side + "Heap", growth(figures, "open", from, "heap") / n);
            derived.put(side + "Resident", growth(figures, "open", from, "residentKiB") * 1024 / n);
            derived.put(side + "HeapLeft", growth(figures, "closed", from, "heap") / n);
        }
        for (String what : List.of("Heap", "Resident", "HeapLeft")) {
            String name = Character.toLowerCase(what.charAt(0)) + what.substring(1);
            derived.put(
                    name, Collections.max(List.of(value(derived, "client" + what), value(derived, "server" + what))));
        }
        return derived;
    }

    private static Row pairs(Commands run, int n) {
        String room = "-streams " + 2 * n;
        Contestant chain = new Contestant(
                X,
                List.of(run.java("serve " + room), run.java("relay -next {port} " + room)),
                List.of(run.java("idle -n " + n + " -port {port} " + room)));
        return pairs("idle-pairs", "", chain, "server1", n);
    }

    private static Row nodePairs(Commands run, int n) {
        String keys = run.keys();
        Contestant chain = new Contestant(
                NODES,
                List.of(run.java("node-relay -serve no" + keys), run.java("node-agent -port {port}" + keys)),
                List.of(run.java("idle -n " + n + " -port {port}" + keys)));
        return pairs("node-idle-pairs", " with a caller and an agent", chain, "server0", n);
    }

    private static Row pairs(String key, String how, Contestant chain, String relay, int n) {
        return new Row(
                key,
                "idle relayed pairs of streams" + how + ", bytes at the relay, pairs: " + n,
                List.of(chain),
                List.of(
                        new Shown("heap", "heap B"),
                        new Shown("resident", "resident B"),
                        new Shown("heapLeft", "heap B left")),
                List.of(
                        new Goal("heap per pair at the relay", new Figure(chain.name(), "heap"), null, false, 400, 256),
                        new Goal(
                                "heap left per pair after the end",
                                new Figure(chain.name(), "heapLeft"),
                                null,
                                false,
                                4,
                                2)),
                figures -> perPair(figures, relay, n),
                LIMIT_SECONDS,
                ROUNDS);
    }

    private static Map<String, Double> perPair(Map<String, Double> figures, String relay, int n) {
        checkAllOpen(figures, "open.server0.streams", n);
        checkAllOpen(figures, "open.server1.streams", n);
        Map<String, Double> derived = new LinkedHashMap<>(figures);
        derived.put("heap", growth(figures, "open", relay, "heap") / n);
        derived.put("resident", growth(figures, "open", relay, "residentKiB") * 1024 / n);
        derived.put("heapLeft", growth(figures, "closed", relay, "heap") / n);
        return derived;
    }

    private static Row links(Commands run, int n) {
        String sealed = X + ", TLS 1.3 BoringSSL";
        return new Row(
                "idle-links",
                "idle links at a server, bytes per link, links: " + n,
                List.of(
                        linked(GO, run.go("serve"), run.go("links" + each(n)), n),
                        linked(X, run.java("serve"), run.java("links" + each(n)), n),
                        linked(sealed, run.java("serve -tls boringssl"), run.java("links -tls boringssl" + each(n)), n),
                        linked(
                                NODES,
                                run.java("node-relay" + run.keys()),
                                run.java("node-links" + run.keys() + each(n)),
                                n)),
                List.of(new Shown("resident", "resident B"), new Shown("heap", "heap B")),
                List.of(
                        perLinkGoal("resident per link, plain", X, 10_000, 7_000),
                        perLinkGoal("resident per link, BoringSSL", sealed, 18_000, 14_000),
                        perLinkGoal("resident per link, nodes", NODES, 18_000, 14_000)),
                figures -> perLink(figures, n),
                LIMIT_SECONDS,
                ROUNDS);
    }

    private static Goal perLinkGoal(String label, String who, double must, double target) {
        return new Goal(label, new Figure(who, "resident"), null, false, must, target);
    }

    private static String each(int n) {
        return " -port {port} -n " + Math.min(n, LINKS_PER_PROCESS);
    }

    private static Contestant linked(String name, List<String> server, List<String> client, int n) {
        int processes = Math.max(1, n / LINKS_PER_PROCESS);
        return new Contestant(name, List.of(server), Collections.nCopies(processes, client));
    }

    private static Map<String, Double> perLink(Map<String, Double> figures, int n) {
        checkAllOpen(figures, "open.server0.links", n);
        Map<String, Double> derived = new LinkedHashMap<>(figures);
        derived.put("heap", growth(figures, "open", "server0", "heap") / n);
        derived.put("resident", growth(figures, "open", "server0", "residentKiB") * 1024 / n);
        return derived;
    }

    /** A row about open streams counts only if the peer itself says that they are open, all at once. */
    private static void checkAllOpen(Map<String, Double> figures, String name, int n) {
        if (value(figures, name) < n) {
            throw new TrialFailed(name + " is " + figures.get(name) + " (expected: " + n + " open at once)");
        }
    }

    private static double growth(Map<String, Double> figures, String phase, String side, String name) {
        return value(figures, phase + "." + side + "." + name) - value(figures, "base." + side + "." + name);
    }

    private static double value(Map<String, Double> figures, String name) {
        Double value = figures.get(name);
        if (value == null) {
            throw new TrialFailed("no figure " + name);
        }
        return value;
    }
}
