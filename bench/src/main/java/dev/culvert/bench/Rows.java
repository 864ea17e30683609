package dev.culvert.bench;

import dev.culvert.bench.Goal.Figure;
import dev.culvert.bench.Row.Shown;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** The rows of the link level, as {@code docs/benchmarks.md} names them. <em>Stateless.</em> */
final class Rows {
    private static final String GO = "go yamux, window 256 KiB";
    private static final String X = "culvert, profile X";
    private static final String Y = "culvert, profile Y";
    private static final String RAW = "raw TCP";
    private static final int RUN_LIMIT_SECONDS = 90;
    /** An operation passes through so much code that compiling it takes both processors for ten seconds. */
    static final int RATE_WARM_SECONDS = 12;

    static final int RATE_SECONDS = 3;

    private Rows() {}

    static List<Row> all(Settings settings) {
        Commands fast = Commands.fast(settings);
        Commands rate = fast.timed(RATE_WARM_SECONDS, RATE_SECONDS);
        List<Row> rows = new ArrayList<>();
        rows.add(bulk(fast, 1, 1.8, 2.5, 0.4, 0.5));
        rows.add(bulk(fast, 8, 1.5, 2.2, 0.5, 0.7));
        rows.add(window(fast));
        rows.add(tls(fast, 1, 1.5, 2.0));
        rows.add(tls(fast, 8, 1.8, 2.4));
        rows.add(rate(rate, 1, 2.5, 4));
        rows.add(rate(rate, 64, 20, 40));
        rows.add(ping(fast));
        if (!settings.slow().isEmpty()) {
            rows.add(pingBesideBulk("ping-bulk", "packets of loopback", Commands.slow(settings)));
        }
        if (!settings.wire().isEmpty()) {
            rows.add(pingBesideBulk("ping-bulk-wire", "packets as on a wire", Commands.wire(settings)));
        }
        rows.add(stalled(fast.timed(1, 2)));
        rows.add(fair(fast));
        rows.addAll(HoldingRows.all(settings));
        rows.add(foreign(fast));
        rows.addAll(NodeRows.all(settings));
        if (!settings.programs().chain().isEmpty()) {
            rows.addAll(ChainRows.all(settings));
        }
        return rows;
    }

    private static Row bulk(
            Commands run, int streams, double mustGo, double targetGo, double mustRaw, double targetRaw) {
        String bench = "bulk -n " + streams;
        return row(
                "bulk-" + streams,
                "bulk on one link, streams: " + streams,
                List.of(
                        run.go(GO, "", bench),
                        run.ours(X, "", bench),
                        run.ours(Y, "-profile Y -window 262144", bench),
                        run.raw(RAW, "bulk")),
                List.of(new Shown("MBps", "MB/s")),
                List.of(
                        Goal.atLeast("X / go yamux", new Figure(X, "MBps"), new Figure(GO, "MBps"), mustGo, targetGo),
                        Goal.atLeast(
                                "X / raw TCP", new Figure(X, "MBps"), new Figure(RAW, "MBps"), mustRaw, targetRaw)));
    }

    private static Row window(Commands run) {
        String grown = X + ", window 4 MiB";
        return row(
                "window",
                "bulk on one link, 1 stream, window grown to 4 MiB",
                List.of(run.ours(grown, "-window 4194304", "bulk"), run.raw(RAW, "bulk")),
                List.of(new Shown("MBps", "MB/s")),
                List.of(Goal.atLeast("X / raw TCP", new Figure(grown, "MBps"), new Figure(RAW, "MBps"), 0.7, 0.9)));
    }

    private static Row tls(Commands run, int streams, double must, double target) {
        String go = GO + ", TLS 1.3";
        String ours = X + ", TLS 1.3 BoringSSL";
        String bench = "bulk -n " + streams;
        return row(
                "tls-" + streams,
                "bulk on one link over TLS 1.3, streams: " + streams,
                List.of(
                        run.go(go, "-tls", bench),
                        run.ours(ours, "-tls boringssl", bench),
                        run.ours(X + ", TLS 1.3 of the JDK", "-tls jdk", bench)),
                List.of(new Shown("MBps", "MB/s")),
                List.of(Goal.atLeast("X / go yamux", new Figure(ours, "MBps"), new Figure(go, "MBps"), must, target)));
    }

    private static Row rate(Commands run, int atATime, double must, double target) {
        String bench = "rate -n " + atATime;
        return row(
                "rate-" + atATime,
                "open + 64-byte echo + close, at a time: " + atATime,
                List.of(run.go(GO, "", bench), run.ours(X, "", bench)),
                List.of(new Shown("perSecond", "per s"), new Shown("p50us", "p50 us"), new Shown("p99us", "p99 us")),
                List.of(Goal.atLeast(
                        "X / go yamux", new Figure(X, "perSecond"), new Figure(GO, "perSecond"), must, target)));
    }

    private static Row ping(Commands run) {
        return row(
                "ping-idle",
                "64 bytes there and back on an open stream, idle link",
                List.of(run.go(GO, "", "ping"), run.ours(X, "", "ping")),
                List.of(new Shown("p50us", "p50 us"), new Shown("p99us", "p99 us")),
                List.of(Goal.atMost("p99, X / go yamux", new Figure(X, "p99us"), new Figure(GO, "p99us"), 1.0, 0.6)));
    }

    private static Row pingBesideBulk(String key, String link, Commands place) {
        Commands run = place.timed(3, 10);
        String bench = "ping -bulk 8";
        List<Contestant> contestants = new ArrayList<>();
        List<Goal> goals = new ArrayList<>();
        contestants.add(run.go(GO, "", bench));
        for (int window : new int[] {0, 256 * 1024, 4 << 20}) {
            String name = X + (window == 0 ? ", default window" : ", window " + window / 1024 + " KiB");
            contestants.add(run.ours(name, window == 0 ? "" : "-window " + window, bench));
            goals.add(Goal.atMost(
                    "p99, " + name + " / its own connection",
                    new Figure(name, "p99us"),
                    new Figure(name, "own_p99us"),
                    1.3,
                    1.05));
        }
        return row(
                key,
                "64 bytes there and back beside 8 bulk streams, 200 Mbit/s, " + link
                        + ", and on a connection of its own",
                contestants,
                List.of(
                        new Shown("p50us", "p50 us"),
                        new Shown("p99us", "p99 us"),
                        new Shown("own_p99us", "own p99 us")),
                goals);
    }

    private static Row stalled(Commands run) {
        String bench = "stalled -n 1000 -bulk 8";
        return row(
                "stalled",
                "8 bulk streams beside 1,000 stalled ones",
                List.of(run.go(GO, "", bench), run.ours(X, "", bench + " -cycles 4")),
                List.of(
                        new Shown("alone", "MB/s alone"),
                        new Shown("beside", "MB/s beside"),
                        new Shown("ratio", "ratio")),
                List.of(new Goal("beside / alone", new Figure(X, "ratio"), null, true, 0.98, 0.99)));
    }

    private static Row fair(Commands run) {
        return row(
                "fair",
                "100 bulk writers on one link, Jain's index",
                List.of(run.go(GO, "", "fair -n 100"), run.ours(X, "", "bulk -n 100")),
                List.of(new Shown("jain", "Jain"), new Shown("MBps", "MB/s")),
                List.of(new Goal("Jain", new Figure(X, "jain"), null, true, 0.98, 0.99)));
    }

    /** Each of the two programs against the other, in both roles: that it works, and what it costs. */
    private static Row foreign(Commands run) {
        String ours = "-profile Y -window 262144 ";
        String bench = " -n 8 -port {port} " + run.timing();
        return row(
                "foreign",
                "between the two programs in profile Y, bulk on 8 streams",
                List.of(
                        Contestant.of("culvert to go", run.go("serve"), run.java("bulk " + ours + bench)),
                        Contestant.of("go to culvert", run.java("serve " + ours), run.go("bulk " + bench))),
                List.of(new Shown("MBps", "MB/s")),
                List.of());
    }

    private static Row row(
            String key, String title, List<Contestant> contestants, List<Shown> shown, List<Goal> goals) {
        return new Row(
                key, title, contestants, shown, goals, UnaryOperator.identity(), RUN_LIMIT_SECONDS, Row.ALL_ROUNDS);
    }
}
