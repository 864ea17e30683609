package dev.culvert.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
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
    public Integer call() throws Failure, IOException {
        Screen nowhere = new Screen(new PrintStream(OutputStream.nullOutputStream(), false, UTF_8), Screen.Form.PLAIN);
        Path folder = Files.createTempDirectory("culvert-warm-up");
        try (DemoNetwork network = new DemoNetwork(surroundings, folder, "warm")) {
            new Demo(nowhere, network, "warm").rehearse();
        } finally {
            DemoCommand.delete(folder);
        }
        return new CommandTree(surroundings).run("--help");
    }
}
