package dev.culvert.cli;

import dev.culvert.node.ExposedService;
import dev.culvert.node.NodeConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code culvert expose}: offers local targets by name. Main thread. */
@Command(
        name = "expose",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Offer a local TCP port or Unix socket by name, from a machine that cannot be dialled.",
        footer = {
            "",
            "Examples:",
            "  culvert expose web 8080 --join 'culvert://...'",
            "  culvert expose web=8080 ssh=127.0.0.1:22 log=unix:/run/log.sock",
            "  culvert expose web https://127.0.0.1:8443 --target-ca ca.pem",
            "  culvert expose dev 5173 --public --host-header target",
            "  culvert expose web 8080 --run './app --port 8080' --check http://127.0.0.1:8080/health"
        })
final class ExposeCommand implements Callable<Integer> {
    private static final String ARGUMENTS = "NAME TARGET or NAME=TARGET ...";
    private static final String TARGETS = "8080, host:8080, [::1]:8080, https://host:8443 or unix:/path";
    private static final String USAGE = ARGUMENTS + ", where TARGET is " + TARGETS;

    @Parameters(
            arity = "1..*",
            paramLabel = "NAME=TARGET",
            description = {ARGUMENTS + ", where TARGET is", TARGETS + "."})
    private List<String> arguments = new ArrayList<>();

    @Option(
            names = "--public-port",
            arity = "0..1",
            fallbackValue = "0",
            defaultValue = "-1",
            paramLabel = "PORT",
            description = "Ask the relay for a TCP port that leads to the service; without a number: any.")
    private int publicPort;

    @Option(names = "--shared", description = "Other nodes may offer the same names; a dial goes to any of them.")
    private boolean shared;

    @Mixin
    private HealthOptions health = new HealthOptions();

    @Mixin
    private LinkedNodeOptions linked = new LinkedNodeOptions();

    @Mixin
    private ServiceOptions options = new ServiceOptions();

    @Mixin
    private CommonOptions common = new CommonOptions();

    private final Surroundings surroundings;

    ExposeCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws Failure {
        Screen screen = common.screen(surroundings);
        List<ExposedService> services = services();
        NodeConfig config = linked.node(surroundings);
        Foreground foreground = new Foreground(surroundings, screen, Foreground.GRACE);
        Shown shown = new Shown(screen, services);
        if (!health.areGiven()) {
            foreground.run(Services.offer(config, services), shown);
            return ExitCode.OK.number();
        }
        try (AppGuard guard =
                new AppGuard(health.terms(services.get(0)), services.get(0), screen, surroundings.err())) {
            foreground.run(config, new Guarded(shown, guard));
        }
        return ExitCode.OK.number();
    }

    /** What is said of services that are published only while they are well. */
    private record Guarded(Shown shown, AppGuard guard) implements Foreground.Announcements {
        @Override
        public void started(RunningNode running) {
            throw new IllegalStateException("a guard without a way to give up");
        }

        @Override
        public void started(RunningNode running, Consumer<Failure> giveUp) throws Failure {
            guard.start(running, giveUp);
        }

        @Override
        public Event ready(RunningNode running) {
            return guard.isPublished()
                    ? shown.ready(running)
                    : Event.of("linked", "   -- linked; published when the check " + guard.checkText() + " is well")
                            .with("node", running.node().name());
        }
    }

    private List<ExposedService> services() throws Failure {
        List<ExposedService> services = new ArrayList<>();
        ServiceOptions resolved = options.resolved(surroundings.env());
        for (Services.Pair pair : Services.pairs(arguments, USAGE)) {
            services.add(Services.service(pair.name(), pair.value(), shared, publicPort, resolved, surroundings.env()));
        }
        if (health.areGiven() && services.size() > 1) {
            throw Failure.usage("--check and --run: are about one service, and " + services.size()
                    + " are named; expected one NAME TARGET");
        }
        if (publicPort > 0 && services.size() > 1) {
            throw Failure.usage("--public-port " + publicPort + ": leads to one service; expected one NAME TARGET,"
                    + " or --public-port without a number");
        }
        return services;
    }

    /** What expose and agent say of their services. */
    record Shown(Screen screen, List<ExposedService> services) implements Foreground.Announcements {
        @Override
        public void started(RunningNode running) {
            for (ExposedService service : services) {
                screen.say(TargetCheck.of(service.target(), service.options()).event(screen));
                TargetCheck.warn(screen, service);
            }
        }

        @Override
        public Event ready(RunningNode running) {
            return Foreground.ready(screen, running, addresses(running)).with("services", names());
        }

        List<String> names() {
            return services.stream().map(Shown::name).toList();
        }

        /** A line for each service: its name, and the name that nobody else can have. */
        List<String> addresses(RunningNode running) {
            String node = running.node().name();
            return names().stream()
                    .map(name -> name + "   " + node + (name.startsWith(":") ? "" : ".") + name)
                    .toList();
        }

        private static String name(ExposedService service) {
            return service.service().isEmpty() ? ":" + Integer.toUnsignedString(service.port()) : service.service();
        }
    }
}
