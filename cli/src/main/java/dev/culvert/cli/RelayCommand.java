package dev.culvert.cli;

import dev.culvert.link.transport.Endpoint;
import dev.culvert.node.ExposedService;
import dev.culvert.node.NodeConfig;
import dev.culvert.node.NodeIdentity;
import dev.culvert.policy.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code culvert relay}: takes links and joins streams. Main thread. */
@Command(
        name = "relay",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Take links from nodes and join their streams; prints what to type on the other machines.",
        footer = {
            "",
            "Examples:",
            "  culvert relay --public-address relay.example.com",
            "  culvert relay --listen '[::]:7443' --expose db=127.0.0.1:5432"
        })
final class RelayCommand implements Callable<Integer> {
    @Mixin
    private ListenOptions listen = new ListenOptions();

    @Mixin
    private NameOption name = new NameOption();

    @Option(
            names = "--expose",
            paramLabel = "NAME=TARGET",
            description = "Offer a local target of the relay itself; may be repeated.")
    private List<String> expose = new ArrayList<>();

    @Option(names = "--no-invite", description = "Print no join strings; make them with: culvert invite.")
    private boolean noInvite;

    @Option(
            names = "--grace",
            paramLabel = "TIME",
            defaultValue = "30s",
            description = "How long streams may go on after Ctrl+C. Default: ${DEFAULT-VALUE}.")
    private String grace = "";

    @Mixin
    private CommonOptions common = new CommonOptions();

    private final Surroundings surroundings;

    RelayCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws Failure {
        Screen screen = common.screen(surroundings);
        List<ExposedService> services = Services.exposed(expose);
        List<Endpoint> endpoints = listen.endpoints();
        RelayState relay = RelayState.open(surroundings, listen.issuers());
        try (RelayDoor door = RelayDoor.open(surroundings, relay, listen, endpoints)) {
            NodeIdentity who = name.identity(relay.identity(), Scope.DEFAULT_NAMESPACE);
            NodeConfig config = Services.offer(NodeConfig.of(who).withListen(door.config()), services);
            RelayScreen words = new RelayScreen(screen, relay, door, listen, surroundings.clock(), invites(relay));
            new Foreground(surroundings, screen, grace()).run(config, words);
        }
        return ExitCode.OK.number();
    }

    /** On the first start, and whenever a person looks on: a log has no business with secrets. */
    private boolean invites(RelayState relay) {
        return !noInvite && (surroundings.terminal() || relay.invites().list().isEmpty());
    }

    private Duration grace() throws Failure {
        try {
            return Units.duration(grace);
        } catch (IllegalArgumentException e) {
            throw Failure.usage("--grace: " + e.getMessage());
        }
    }
}
