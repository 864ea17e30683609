package dev.culvert.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code culvert unregister}: takes back what {@code culvert register} offered. Main thread. */
@Command(
        name = "unregister",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Take back a service that was offered with: culvert register.")
final class UnregisterCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "NAME", description = "As it was registered.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--node", paramLabel = "NODE", description = "Where, if several run here.")
    private String node = "";

    @Mixin
    private CommonOptions common = new CommonOptions();

    private final Surroundings surroundings;

    UnregisterCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws Failure {
        Screen screen = common.screen(surroundings);
        Neighbours.Registrar registrar = new Neighbours(StateDirectory.of(surroundings)).registrar(node);
        for (String name : names) {
            Neighbours.ask(registrar, LocalRequest.unregister(name));
            screen.say(Event.of("unregistered", "   " + screen.ok() + " " + name + " is not offered any more")
                    .with("service", name));
        }
        return ExitCode.OK.number();
    }
}
