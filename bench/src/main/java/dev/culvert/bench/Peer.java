package dev.culvert.bench;

import java.util.Map;
import java.util.function.Consumer;

/** One process of a benchmark: a server, a relay or a client, as the first argument says. */
public final class Peer {
    private static final Map<String, Consumer<PeerOptions>> COMMANDS = Map.ofEntries(
            Map.entry("serve", BenchServer::run),
            Map.entry("relay", RelayServer::run),
            Map.entry("node-relay", NodeServer::relay),
            Map.entry("node-agent", NodeServer::agent),
            Map.entry("bulk", Bulk::run),
            Map.entry("rate", Rate::run),
            Map.entry("ping", Ping::run),
            Map.entry("idle", Idle::run),
            Map.entry("links", Links::run),
            Map.entry("node-links", NodeLinks::run),
            Map.entry("patterns", Patterns::run),
            Map.entry("blocking-rate", BlockingCalls::rate),
            Map.entry("blocking-bulk", BlockingCalls::bulk),
            Map.entry("stalled", Stalled::run));

    private Peer() {}

    public static void main(String[] arguments) {
        Consumer<PeerOptions> command = arguments.length == 0 ? null : COMMANDS.get(arguments[0]);
        if (command == null) {
            Conductor.fail("usage: peer " + COMMANDS.keySet() + " [-name value ...]");
            return;
        }
        try {
            command.accept(PeerOptions.parse(arguments, 1));
        } catch (RuntimeException e) {
            Conductor.fail(e);
        }
        System.exit(0);
    }
}
