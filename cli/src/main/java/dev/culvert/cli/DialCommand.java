package dev.culvert.cli;

import dev.culvert.api.Address;
import dev.culvert.api.CulvertException;
import dev.culvert.api.DialOptions;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.Stream;
import dev.culvert.node.NodeConfig;
import dev.culvert.node.NodeListener;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code culvert dial}: standard input and output, joined to a service. Main thread. */
@Command(
        name = "dial",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Join standard input and output to a service, like nc -N.",
            "The end of input finishes the stream; the command ends when the service has finished too."
        },
        footer = {
            "",
            "Example:",
            "  printf 'GET / HTTP/1.0\\r\\n\\r\\n' | culvert dial edge7.web --join 'culvert://...'"
        })
final class DialCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", description = "service, node.service, .dotted.service, node:port or :port.")
    private String name = "";

    @Mixin
    private WaitOption wait = new WaitOption();

    @Mixin
    private LinkedNodeOptions linked = new LinkedNodeOptions();

    @Mixin
    private VerboseOption verbose = new VerboseOption();

    @Option(names = "--json", description = "Print a failure as one JSON object, to standard error.")
    private boolean json;

    private final Surroundings surroundings;

    DialCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws Failure {
        verbose.apply(json);
        Address address = address();
        Duration patience = wait.patience();
        NodeConfig config = linked.node(surroundings);
        try (RunningNode running = surroundings.engine().start(config, waiting())) {
            running.node().awaitLink(patience);
            dial(running, address, patience);
        } catch (CulvertException e) {
            throw Failure.of("dial " + name, e);
        } catch (IOException e) {
            throw new Failure(ExitCode.NO_ROUTE, "dial " + name + ": " + e.getMessage());
        }
        return ExitCode.OK.number();
    }

    /** Tells a person, but no script, once why it takes longer than a moment. */
    private NodeListener waiting() {
        AtomicBoolean told = new AtomicBoolean(json || !surroundings.terminal());
        return new NodeListener() {
            @Override
            public void onLinkRetry(String relay, ErrorCode code, String reason, long delayNanos) {
                if (!told.getAndSet(true)) {
                    String why = Report.without(relay, reason);
                    surroundings
                            .err()
                            .println("culvert: no link to " + relay + " yet: " + code + ": " + why + "; trying for "
                                    + wait.text());
                }
            }
        };
    }

    private void dial(RunningNode running, Address address, Duration patience) throws IOException {
        DialOptions options = DialOptions.DEFAULT.withTimeout(patience);
        try (Stream stream = running.node().dial(address, options)) {
            new StandardStreams(surroundings).join(stream);
        }
    }

    private Address address() throws Failure {
        try {
            return Address.parse(name);
        } catch (IllegalArgumentException e) {
            throw Failure.usage(e);
        }
    }
}
