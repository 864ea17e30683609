package dev.culvert.cli;

import dev.culvert.node.ExposedService;
import dev.culvert.node.LocalEntry;
import dev.culvert.node.NodeConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code culvert agent}: the long-running node, from a file, options, or both. Main thread. */
@Command(
        name = "agent",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description =
                "Run the long-running node of a machine: offer services and open local ports, from a file or options.",
        footer = {
            "",
            "The file, in YAML; all keys may be left out:",
            "  name: edge7",
            "  join-file: /etc/culvert/join",
            "  services:",
            "    web: 8080",
            "    ssh: {target: '127.0.0.1:22', public-port: 20022, shared: false}",
            "    shop: {target: 'https://127.0.0.1:8443', options: {target-ca: /etc/ca.pem, http2: true}}",
            "    docs: {target: 8081, options: {public: true, allow-from: 10.0.0.0/8}}",
            "  forward:",
            "    db: 5432",
            "  grace: 30s"
        })
final class AgentCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "FILE", description = "Configuration in YAML.")
    private @Nullable Path file;

    @Option(names = "--expose", paramLabel = "NAME=TARGET", description = "Offer a local target; may be repeated.")
    private List<String> expose = new ArrayList<>();

    @Option(
            names = "--forward",
            paramLabel = "NAME=PORT",
            description = "Open a local port that leads to a name; may be repeated.")
    private List<String> forward = new ArrayList<>();

    @Option(names = "--insecure", description = "Permit local ports where other machines can reach them.")
    private boolean insecure;

    @Mixin
    private LinkedNodeOptions linked = new LinkedNodeOptions();

    @Mixin
    private CommonOptions common = new CommonOptions();

    private final Surroundings surroundings;

    AgentCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws Failure {
        Screen screen = common.screen(surroundings);
        AgentConfig config = file == null ? AgentConfig.EMPTY : ConfigFile.read(file);
        List<ExposedService> services = services(config);
        List<LocalEntry> entries = entries(config);
        Duration grace = grace(config);
        linked.orElse(config);
        NodeConfig node = Services.lead(Services.offer(linked.node(surroundings), services), entries);
        new Foreground(surroundings, screen, grace).run(node, new Shown(screen, services, entries));
        return ExitCode.OK.number();
    }

    private List<ExposedService> services(AgentConfig config) throws Failure {
        List<ExposedService> services = new ArrayList<>();
        for (Map.Entry<String, AgentConfig.Service> entry : config.services().entrySet()) {
            services.add(service(entry.getKey(), entry.getValue()));
        }
        services.addAll(Services.exposed(expose));
        return services;
    }

    /** Keys of the file are named as the options that say the same. */
    private ExposedService service(String name, AgentConfig.Service service) throws Failure {
        try {
            return Services.service(
                    name,
                    service.target(),
                    service.shared(),
                    service.publicPortNumber(),
                    service.options(),
                    surroundings.env());
        } catch (Failure e) {
            throw Failure.usage(
                    "config " + file + ": service '" + name + "': " + e.line().replaceAll("--(?=[a-z])", ""));
        }
    }

    private List<LocalEntry> entries(AgentConfig config) throws Failure {
        List<LocalEntry> entries = new ArrayList<>();
        boolean permitted = insecure || config.insecure();
        for (Map.Entry<String, String> entry : config.forward().entrySet()) {
            entries.add(Services.entry(entry.getKey(), entry.getValue(), permitted));
        }
        for (String option : forward) {
            Services.Pair pair = Services.pair(option, "--forward NAME=PORT");
            entries.add(Services.entry(pair.name(), pair.value(), permitted));
        }
        return entries;
    }

    private Duration grace(AgentConfig config) throws Failure {
        try {
            return Units.duration(config.grace());
        } catch (IllegalArgumentException e) {
            throw Failure.usage("config " + file + ": grace: " + e.getMessage());
        }
    }

    /** What expose and forward say, one after the other. */
    private record Shown(Screen screen, List<ExposedService> services, List<LocalEntry> entries)
            implements Foreground.Announcements {
        @Override
        public boolean takesRegistrations() {
            return true;
        }

        @Override
        public void started(RunningNode running) {
            new ForwardCommand.Shown(screen, entries).started(running);
            new ExposeCommand.Shown(screen, services).started(running);
        }

        @Override
        public Event ready(RunningNode running) {
            ExposeCommand.Shown offered = new ExposeCommand.Shown(screen, services);
            List<String> all = new ArrayList<>(offered.addresses(running));
            all.addAll(new ForwardCommand.Shown(screen, entries).leads(running));
            return Foreground.ready(screen, running, all).with("services", offered.names());
        }
    }
}
