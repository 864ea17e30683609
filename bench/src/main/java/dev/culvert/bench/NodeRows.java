package dev.culvert.bench;

import dev.culvert.bench.Goal.Figure;
import dev.culvert.bench.Row.Shown;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The rows of the link level again, through authenticated nodes: a relay that serves, and a caller that is linked to it over TLS
 * and dials by name. Beside hashicorp/yamux over TLS. <em>Stateless.</em>
 */
final class NodeRows {
    private static final String GO = "go yamux, window 256 KiB, TLS 1.3";
    private static final String NODES = "culvert nodes, TLS 1.3 BoringSSL";
    private static final String BLOCKING = "culvert nodes, virtual threads";
    private static final String SLOW_NODES = NODES + ", 200 Mbit/s";
    private static final int RUN_LIMIT_SECONDS = 90;

    /** Two engines meet in it, ours and that of virtual threads. */
    private static final int BLOCKING_WARM_SECONDS = 18;

    private NodeRows() {}

    static List<Row> all(Settings settings) {
        Commands run = Commands.fast(settings);
        Commands rate = run.timed(Rows.RATE_WARM_SECONDS, Rows.RATE_SECONDS);
        Commands blocking = run.timed(BLOCKING_WARM_SECONDS, Rows.RATE_SECONDS);
        List<Row> rows = new ArrayList<>(List.of(
                bulk(run, 1, 1.5, 2.0),
                bulk(run, 8, 1.8, 2.4),
                rate(rate, 1, 2.5, 4),
                rate(rate, 64, 20, 40),
                blockingRate(blocking, 1, 0.8, 1),
                blockingRate(blocking, 64, 4, 8),
                blockingBulk(run, 1),
                blockingBulk(run, 8),
                ping(run),
                stalled(run.timed(1, 2)),
                fair(run)));
        if (!settings.slow().isEmpty()) {
            rows.add(pingBesideBulk("node-ping-bulk", "packets of loopback", Commands.slow(settings)));
        }
        if (!settings.wire().isEmpty()) {
            rows.add(pingBesideBulk("node-ping-bulk-wire", "packets as on a wire", Commands.wire(settings)));
        }
        return rows;
    }

    private static Row bulk(Commands run, int streams, double must, double target) {
        String bench = "bulk -n " + streams;
        return row(
                "node-bulk-" + streams,
                "bulk through nodes over TLS 1.3, streams: " + streams,
                List.of(run.go(GO, "-tls", bench), run.nodes(NODES, bench)),
                List.of(new Shown("MBps", "MB/s")),
                List.of(Goal.atLeast(
                        "nodes / go yamux", new Figure(NODES, "MBps"), new Figure(GO, "MBps"), must, target)));
    }

    private static Row rate(Commands run, int atATime, double must, double target) {
        String bench = "rate -n " + atATime;
        return row(
                "node-rate-" + atATime,
                "dial by name + 64-byte echo + close over TLS 1.3, at a time: " + atATime,
                List.of(run.go(GO, "-tls", bench), run.nodes(NODES, bench)),
                List.of(new Shown("perSecond", "per s"), new Shown("p50us", "p50 us"), new Shown("p99us", "p99 us")),
                List.of(Goal.atLeast(
                        "nodes / go yamux",
                        new Figure(NODES, "perSecond"),
                        new Figure(GO, "perSecond"),
                        must,
                        target)));
    }

    private static Row blockingRate(Commands run, int atATime, double must, double target) {
        String counts = " -n " + atATime;
        return row(
                "node-blocking-rate-" + atATime,
                "the same by threads that block, early dials, at a time: " + atATime,
                List.of(run.go(GO, "-tls", "rate" + counts), run.nodes(BLOCKING, "blocking-rate" + counts)),
                List.of(new Shown("perSecond", "per s"), new Shown("p50us", "p50 us"), new Shown("p99us", "p99 us")),
                List.of(Goal.atLeast(
                        "nodes / go yamux",
                        new Figure(BLOCKING, "perSecond"),
                        new Figure(GO, "perSecond"),
                        must,
                        target)));
    }

    private static Row blockingBulk(Commands run, int streams) {
        String counts = " -n " + streams;
        return row(
                "node-blocking-bulk-" + streams,
                "bulk through nodes by threads that block, over TLS 1.3, streams: " + streams,
                List.of(run.go(GO, "-tls", "bulk" + counts), run.nodes(BLOCKING, "blocking-bulk" + counts)),
                List.of(new Shown("MBps", "MB/s")),
                List.of(Goal.atLeast(
                        "nodes / go yamux", new Figure(BLOCKING, "MBps"), new Figure(GO, "MBps"), 1.0, 1.3)));
    }

    private static Row ping(Commands run) {
        return row(
                "node-ping-idle",
                "64 bytes there and back through nodes over TLS 1.3, idle link",
                List.of(run.go(GO, "-tls", "ping"), run.nodes(NODES, "ping")),
                List.of(new Shown("p50us", "p50 us"), new Shown("p99us", "p99 us")),
                List.of(Goal.atMost(
                        "p99, nodes / go yamux", new Figure(NODES, "p99us"), new Figure(GO, "p99us"), 1.0, 0.6)));
    }

    private static Row pingBesideBulk(String key, String link, Commands place) {
        Commands run = place.timed(3, 10);
        String bench = "ping -bulk 8";
        return row(
                key,
                "64 bytes there and back through nodes beside 8 bulk streams, " + link + ", and on a link of its own",
                List.of(run.nodes(SLOW_NODES, bench)),
                List.of(
                        new Shown("p50us", "p50 us"),
                        new Shown("p99us", "p99 us"),
                        new Shown("own_p99us", "own p99 us")),
                List.of(Goal.atMost(
                        "p99, same link / its own",
                        new Figure(SLOW_NODES, "p99us"),
                        new Figure(SLOW_NODES, "own_p99us"),
                        1.3,
                        1.05)));
    }

    private static Row stalled(Commands run) {
        return row(
                "node-stalled",
                "8 bulk streams beside 1,000 stalled ones, through nodes",
                List.of(run.nodes(NODES, "stalled -n 1000 -bulk 8 -cycles 4")),
                List.of(
                        new Shown("alone", "MB/s alone"),
                        new Shown("beside", "MB/s beside"),
                        new Shown("ratio", "ratio")),
                List.of(new Goal("beside / alone", new Figure(NODES, "ratio"), null, true, 0.98, 0.99)));
    }

    private static Row fair(Commands run) {
        return row(
                "node-fair",
                "100 bulk writers on one link, through nodes, Jain's index",
                List.of(run.nodes(NODES, "bulk -n 100")),
                List.of(new Shown("jain", "Jain"), new Shown("MBps", "MB/s")),
                List.of(new Goal("Jain", new Figure(NODES, "jain"), null, true, 0.98, 0.99)));
    }

    private static Row row(
            String key, String title, List<Contestant> contestants, List<Shown> shown, List<Goal> goals) {
        return new Row(
                key, title, contestants, shown, goals, UnaryOperator.identity(), RUN_LIMIT_SECONDS, Row.ALL_ROUNDS);
    }
}
