package dev.culvert.cli;

import dev.culvert.node.LocalEntry;
import dev.culvert.node.NodeConfig;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code culvert forward}: local ports that lead to names. Main thread. */
@Command(
        name = "forward",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Open a local port that leads to a service.",
        footer = {
            "",
            "Examples:",
            "  culvert forward web 9000 --join 'culvert://...'",
            "  culvert forward edge7.web=9000 db=[::1]:5432"
        })
final class ForwardCommand implements Callable<Integer> {
    private static final String ARGUMENTS = "NAME PORT or NAME=PORT ...";
    private static final String PORTS = "9000 (on loopback), host:9000, [::1]:9000 or unix:/path";
    private static final String USAGE = ARGUMENTS + ", where PORT is " + PORTS;

    @Parameters(
            arity = "1..*",
            paramLabel = "NAME=PORT",
            description = {ARGUMENTS + ",", "where PORT is " + PORTS + "."})
    private List<String> arguments = new ArrayList<>();

    @Option(names = "--insecure", description = "Permit to listen where other machines can reach it.")
    private boolean insecure;

    @Mixin
    private LinkedNodeOptions linked = new LinkedNodeOptions();

    @Mixin
    private CommonOptions common = new CommonOptions();

    private final Surroundings surroundings;

    ForwardCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws Failure {
        Screen screen = common.screen(surroundings);
        List<LocalEntry> entries = new ArrayList<>();
        for (Services.Pair pair : Services.pairs(arguments, USAGE)) {
            entries.add(Services.entry(pair.name(), pair.value(), insecure));
        }
        NodeConfig config = linked.node(surroundings);
        config = Services.lead(config, entries);
        new Foreground(surroundings, screen, Foreground.GRACE).run(config, new Shown(screen, entries));
        return ExitCode.OK.number();
    }

    /** What forward and agent say of their local entries. */
    record Shown(Screen screen, List<LocalEntry> entries) implements Foreground.Announcements {
        @Override
        public void started(RunningNode running) {
            List<SocketAddress> where = running.entries();
            for (int i = 0; i < entries.size(); i++) {
                String listen = Addresses.text(where.get(i));
                String name = entries.get(i).address().toString();
                screen.say(Event.of("listening", "   " + screen.ok() + " listening on " + listen)
                        .with("listen", listen)
                        .with("address", name));
            }
        }

        @Override
        public Event ready(RunningNode running) {
            return Foreground.ready(screen, running, leads(running));
        }

        /** A line for each port: where it leads. */
        List<String> leads(RunningNode running) {
            List<SocketAddress> where = running.entries();
            return IntStream.range(0, entries.size())
                    .mapToObj(i -> Addresses.text(where.get(i)) + " leads to "
                            + entries.get(i).address())
                    .toList();
        }
    }
}
