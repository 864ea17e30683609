package dev.culvert.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code culvert warm-up}: loads what most commands need, while the launcher records which classes that is. Main thread. */
@Command(name = "warm-up", hidden = true, description = "Load classes for the launcher's archive.")
final class WarmUpCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    WarmUpCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        return new CommandTree(surroundings).run("--version");
    }
}
