package dev.culvert.cli;

import dev.culvert.node.ExposedService;
import dev.culvert.node.Target;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code culvert register}: offers a local target through the agent or relay that runs here already. Main thread. */
@Command(
        name = "register",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Offer a local target by name through the agent or relay that runs on this machine, under this user",
            "and $CULVERT_HOME: until it is unregistered, or that process ends."
        },
        footer = {
            "",
            "Examples:",
            "  culvert register web 8080",
            "  culvert register web 8080 --while $$      ends with the shell that says it",
            "  culvert register web 8080 --stay          ends with this command"
        })
final class RegisterCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(RegisterCommand.class);
    private static final String USAGE =
            "NAME TARGET or NAME=TARGET ..., where TARGET is 8080, host:8080, [::1]:8080, https://host:8443 or unix:/path";

    @Parameters(arity = "1..*", paramLabel = "NAME=TARGET", description = "Expected: " + USAGE + ".")
    private List<String> arguments = new ArrayList<>();

    @Option(names = "--node", paramLabel = "NODE", description = "Which one, if several run here.")
    private String node = "";

    @Option(names = "--shared", description = "Other nodes may offer the same names; a dial goes to any of them.")
    private boolean shared;

    @Option(
            names = "--public-port",
            arity = "0..1",
            fallbackValue = "0",
            defaultValue = "-1",
            paramLabel = "PORT",
            description = "Ask the relay for a TCP port that leads to the service; without a number: any.")
    private int publicPort;

    @Option(names = "--while", paramLabel = "PID", description = "Unregister when this process ends.")
    private long pid;

    @Option(names = "--stay", description = "Stay, and unregister when this command ends.")
    private boolean stay;

    @Mixin
    private ServiceOptions options = new ServiceOptions();

    @Mixin
    private CommonOptions common = new CommonOptions();

    private final Surroundings surroundings;

    RegisterCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws Failure {
        Screen screen = common.screen(surroundings);
        List<LocalRequest> requests = requests(screen);
        Neighbours.Registrar registrar = new Neighbours(StateDirectory.of(surroundings)).registrar(node);
        if (stay) {
            stay(screen, registrar, requests, 0);
        } else {
            for (LocalRequest request : requests) {
                say(screen, Neighbours.ask(registrar, request));
            }
        }
        return ExitCode.OK.number();
    }

    private List<LocalRequest> requests(Screen screen) throws Failure {
        List<LocalRequest> requests = new ArrayList<>();
        ServiceOptions resolved = options.resolved(surroundings.env());
        for (Services.Pair pair : Services.pairs(arguments, USAGE)) {
            ExposedService service =
                    Services.service(pair.name(), pair.value(), shared, publicPort, resolved, surroundings.env());
            TargetCheck.warn(screen, service);
            String absolute = service.target() instanceof Target.Unix unix
                    ? "unix:" + unix.path().toAbsolutePath()
                    : pair.value();
            requests.add(new LocalRequest("register", pair.name(), absolute, shared, publicPort, stay, pid, resolved));
        }
        return requests;
    }

    /** One connection inside the other; the innermost waits. */
    private void stay(Screen screen, Neighbours.Registrar registrar, List<LocalRequest> requests, int next)
            throws Failure {
        Neighbours.stay(registrar, requests.get(next), (answer, in) -> {
            say(screen, answer);
            if (next + 1 < requests.size()) {
                stay(screen, registrar, requests, next + 1);
            } else {
                screen.say(Event.of("ready", "   Ctrl+C unregisters"));
                await(registrar, in);
            }
        });
    }

    private void await(Neighbours.Registrar registrar, BufferedReader in) throws Failure {
        Stopping stopping = new Stopping(surroundings.interrupts());
        Failure ended = new Failure(
                ExitCode.NO_ROUTE,
                "node " + registrar.node() + " (process " + registrar.pid()
                        + "): has ended, and the registration with it");
        Thread watch = new Thread(
                () -> {
                    awaitEnd(in);
                    stopping.fail(ended);
                },
                "culvert-watch");
        watch.setDaemon(true);
        watch.start();
        stopping.await();
    }

    private static void awaitEnd(BufferedReader in) {
        try {
            while (in.readLine() != null) {
                LOG.debug("the process said more than it was asked");
            }
        } catch (IOException e) {
            LOG.debug("the connection has ended: {}", e.toString());
        }
    }

    private static void say(Screen screen, JsonNode answer) {
        String service = answer.path("service").asString("");
        String registrar = answer.path("node").asString("");
        int port = answer.path("publicPort").asInt(0);
        screen.say(Event.of(
                        "registered",
                        "   " + screen.ok() + " " + service + "   " + registrar + (service.startsWith(":") ? "" : ".")
                                + service + " leads to " + answer.path("target").asString("")
                                + (port > 0 ? ", and so does public port " + port : ""))
                .with("service", service)
                .with("node", registrar)
                .with("publicPort", port));
    }
}
