package dev.culvert.cli;

import dev.culvert.link.transport.Endpoint;
import dev.culvert.node.ExposedService;
import dev.culvert.node.LinkConfig;
import dev.culvert.node.NodeConfig;
import dev.culvert.node.NodeIdentity;
import java.nio.file.Path;
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
            "  culvert relay --listen '[::]:7443' --expose db=127.0.0.1:5432",
            "  culvert relay --name paris --join 'culvert://...'",
            "  culvert relay --http 0.0.0.0:7480 --http-domain example.com"
        })
final class RelayCommand implements Callable<Integer> {
    @Mixin
    private ListenOptions listen = new ListenOptions();

    @Mixin
    private NameOption name = new NameOption();

    @Mixin
    private HttpOptions http = new HttpOptions();

    @Option(
            names = "--expose",
            paramLabel = "NAME=TARGET",
            description = "Offer a local target of the relay itself; may be repeated.")
    private List<String> expose = new ArrayList<>();

    @Option(
            names = "--join",
            paramLabel = "JOIN",
            description = {
                "Link to another relay, by what 'culvert invite --router' prints there: what is offered at one is then",
                "reached at both. May be repeated; - reads standard input."
            })
    private List<String> join = new ArrayList<>();

    @Option(names = "--join-file", paramLabel = "FILE", description = "File that holds such a join string.")
    private List<Path> joinFile = new ArrayList<>();

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
        List<LinkConfig> links = links();
        RelayState relay = RelayState.open(surroundings, listen.issuers());
        try (RelayDoor door = RelayDoor.open(surroundings, relay, listen, endpoints);
                RelayHttp gateway = RelayHttp.open(http, door, surroundings)) {
            NodeIdentity who = name.identity(relay.identity(), "");
            NodeConfig config = Services.offer(NodeConfig.of(who).withListen(door.config()), services);
            for (LinkConfig link : links) {
                config = config.withLink(link);
            }
            RelayScreen words =
                    new RelayScreen(screen, relay, door, listen, surroundings.clock(), invites(relay), gateway);
            new Foreground(surroundings, screen, grace()).run(config, words);
        }
        return ExitCode.OK.number();
    }

    /** Only what the command line names: a relay does not link because a shell has CULVERT_JOIN. */
    private List<LinkConfig> links() throws Failure {
        JoinOptions joins = new JoinOptions();
        joins.join.addAll(join);
        joins.joinFile.addAll(joinFile);
        return joins.linksAsked(surroundings);
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
