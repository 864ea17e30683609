package dev.culvert.bench;

import dev.culvert.bench.Goal.Figure;
import dev.culvert.bench.Row.Shown;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Ways of several processes to one web server, or to one sink, with the command {@code culvert} as users run it, beside other ways of as many
 * hops: {@code bench/chain} starts them, {@code bench/load} puts load on them. <em>Stateless.</em>
 */
final class ChainRows {
    private static final String HAPROXY_HTTP = "haproxy, HTTP, 1 hop";
    private static final String HAPROXY_3 = "haproxy, TCP, 3 hops";
    private static final String SSH = "ssh -R";
    private static final String GO_3 = "go yamux, relay + agent + caller";
    private static final String GATEWAY = "culvert, gateway + agent";
    private static final String PORT = "culvert, public port + agent";
    private static final String THREE = "culvert, relay + agent + caller";
    /** As it is unless one asks for links in clear; the peers but ssh work in clear. */
    private static final String THREE_TLS = "culvert, relay + agent + caller, TLS 1.3";

    private static final int RUN_LIMIT_SECONDS = 120;

    /** The command is compiled while it runs: three JVMs on the processors that are measured take about a minute. */
    private static final int WARM_SECONDS = 64;

    private static final int COMPILED_WARM_SECONDS = 1;
    private static final int SECONDS = 8;
    private static final List<Shown> REQUESTS = List.of(
            new Shown("perSecond", "per s"),
            new Shown("p50us", "p50 us"),
            new Shown("p99us", "p99 us"),
            new Shown("errors", "errors"));

    private ChainRows() {}

    static List<Row> all(Settings settings) {
        Commands ours = Commands.fast(settings).timed(WARM_SECONDS, SECONDS);
        Commands theirs = Commands.fast(settings).timed(COMPILED_WARM_SECONDS, SECONDS);
        return List.of(keep(ours, theirs), close(ours, theirs), bulk(ours, theirs));
    }

    private static Row keep(Commands ours, Commands theirs) {
        String load = "keep -c 64";
        return row(
                "relay-keep",
                "requests through several processes on 64 connections that are kept",
                List.of(
                        theirs.chain(HAPROXY_HTTP, "haproxy-http", load),
                        theirs.chain(HAPROXY_3, "haproxy-3", load),
                        theirs.chain(SSH, "ssh", load),
                        theirs.chain(GO_3, "go-3", load),
                        ours.chain(PORT, "culvert-port", load),
                        ours.chain(GATEWAY, "culvert-gateway", load),
                        ours.chain(THREE, "culvert-3", load),
                        ours.chain(THREE_TLS, "culvert-3-tls", load)),
                REQUESTS,
                List.of(
                        perSecond("public port + agent / haproxy HTTP", PORT, HAPROXY_HTTP, 0.8, 1.0),
                        perSecond("gateway + agent / haproxy HTTP", GATEWAY, HAPROXY_HTTP, 0.8, 1.0),
                        perSecond("three processes / 3 haproxy hops", THREE, HAPROXY_3, 1.2, 1.5),
                        perSecond("three processes / go yamux", THREE, GO_3, 2, 2.5),
                        perSecond("three processes / ssh -R", THREE, SSH, 2, 2.7),
                        perSecond("three processes over TLS / ssh -R", THREE_TLS, SSH, 2, 2.7),
                        Goal.atMost(
                                "p99, three processes / 3 haproxy hops",
                                new Figure(THREE, "p99us"),
                                new Figure(HAPROXY_3, "p99us"),
                                1.5,
                                1.0)));
    }

    private static Row close(Commands ours, Commands theirs) {
        String load = "close -c 32";
        return row(
                "relay-close",
                "requests through three processes, each on a connection of its own, 32 at a time",
                List.of(
                        theirs.chain(HAPROXY_3, "haproxy-3", load),
                        theirs.chain(SSH, "ssh", load),
                        theirs.chain(GO_3, "go-3", load),
                        ours.chain(THREE, "culvert-3", load),
                        ours.chain(THREE_TLS, "culvert-3-tls", load)),
                REQUESTS,
                List.of(
                        perSecond("three processes / 3 haproxy hops", THREE, HAPROXY_3, 1.0, 1.25),
                        new Goal("errors, three processes", new Figure(THREE, "errors"), null, false, 0, 0),
                        new Goal(
                                "errors, three processes over TLS",
                                new Figure(THREE_TLS, "errors"),
                                null,
                                false,
                                0,
                                0)));
    }

    private static Row bulk(Commands ours, Commands theirs) {
        String load = "bulk -c 1";
        return row(
                "relay-bulk",
                "bytes through three processes, one connection",
                List.of(
                        theirs.chain(HAPROXY_3, "haproxy-3", load),
                        theirs.chain(SSH, "ssh", load),
                        theirs.chain(GO_3, "go-3", load),
                        ours.chain(THREE, "culvert-3", load),
                        ours.chain(THREE_TLS, "culvert-3-tls", load)),
                List.of(new Shown("MBps", "MB/s")),
                List.of(
                        bytes("three processes / 3 haproxy hops", THREE, HAPROXY_3, 0.8, 1.2),
                        bytes("three processes / go yamux", THREE, GO_3, 2, 3),
                        bytes("three processes / ssh -R", THREE, SSH, 1.6, 2.2),
                        bytes("three processes over TLS / ssh -R", THREE_TLS, SSH, 1.6, 2.2)));
    }

    private static Goal perSecond(String label, String name, String over, double must, double target) {
        return Goal.atLeast(label, new Figure(name, "perSecond"), new Figure(over, "perSecond"), must, target);
    }

    private static Goal bytes(String label, String name, String over, double must, double target) {
        return Goal.atLeast(label, new Figure(name, "MBps"), new Figure(over, "MBps"), must, target);
    }

    private static Row row(
            String key, String title, List<Contestant> contestants, List<Shown> shown, List<Goal> goals) {
        return new Row(
                key, title, contestants, shown, goals, UnaryOperator.identity(), RUN_LIMIT_SECONDS, Row.ALL_ROUNDS);
    }
}
