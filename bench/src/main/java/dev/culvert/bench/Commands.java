package dev.culvert.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Command lines of contestants' processes. <em>Immutable.</em> */
final class Commands {
    private final Settings settings;
    private final List<String> place;
    private final Timing timing;

    private Commands(Settings settings, List<String> place, Timing timing) {
        this.settings = settings;
        this.place = place;
        this.timing = timing;
    }

    /** Seconds that do not count, and those after them that do. */
    private record Timing(int warm, int counted) {
        static final Timing USUAL = new Timing(3, 3);
    }

    /** On a loopback without a limit. */
    static Commands fast(Settings settings) {
        return new Commands(settings, settings.fast(), Timing.USUAL);
    }

    /** On a slow loopback: its packets are loopback's, of up to 64 KB. */
    static Commands slow(Settings settings) {
        return new Commands(settings, settings.slow(), Timing.USUAL);
    }

    /** On a slow loopback whose packets are as on a wire. */
    static Commands wire(Settings settings) {
        return new Commands(settings, settings.wire(), Timing.USUAL);
    }

    /** The same with another time for warm-up and measurement. */
    Commands timed(int warmSeconds, int countedSeconds) {
        return new Commands(settings, place, new Timing(warmSeconds, countedSeconds));
    }

    /** A server and a client of ours, of which both get {@code common} and the client also {@code bench}. */
    Contestant ours(String name, String common, String bench) {
        return Contestant.of(name, java("serve " + common), java(bench + " -port {port} " + timing() + " " + common));
    }

    /** The same of hashicorp/yamux, which is compiled before it runs and needs no long warm-up. */
    Contestant go(String name, String common, String bench) {
        String usual = timed(Timing.USUAL.warm(), timing.counted()).timing();
        return Contestant.of(name, go("serve " + common), go(bench + " -port {port} " + usual + " " + common));
    }

    /** A relay that serves and a caller that is linked to it. */
    Contestant nodes(String name, String bench) {
        return Contestant.of(name, java("node-relay" + keys()), java(bench + " -port {port} " + timing() + keys()));
    }

    /** Where the processes of a run find the relay's key. */
    String keys() {
        return " -node " + settings.keys();
    }

    /** TCP and nothing else. */
    Contestant raw(String name, String bench) {
        List<String> script =
                List.of(settings.programs().raw(), settings.programs().go());
        return Contestant.of(name, line(script, "serve"), line(script, bench + " -port {port} " + timing()));
    }

    /** A way through processes to a web server or a sink, and what is asked through it. */
    Contestant chain(String name, String kind, String load) {
        String what = load.startsWith("bulk") ? "bulk" : "http";
        return Contestant.of(
                name,
                line(List.of(settings.programs().chain(), settings.programs().go()), what + " " + kind),
                line(List.of(settings.programs().load()), load + " -port {port} " + timing()));
    }

    List<String> java(String arguments) {
        return line(settings.programs().java(), arguments);
    }

    List<String> go(String arguments) {
        return line(List.of(settings.programs().go()), arguments);
    }

    String timing() {
        return settings.quick() ? "-secs 0.5 -warm 0.5" : "-secs " + timing.counted() + " -warm " + timing.warm();
    }

    private List<String> line(List<String> program, String arguments) {
        List<String> line = new ArrayList<>(place);
        line.addAll(program);
        line.addAll(Arrays.asList(arguments.trim().split("\\s+")));
        return List.copyOf(line);
    }
}
