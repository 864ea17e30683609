package dev.culvert.cli;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of every command that says something. Owned by the main thread. */
final class CommonOptions {
    @Option(names = "--json", description = "Print one JSON object per line, for programs.")
    boolean json;

    @Mixin
    private VerboseOption verbose = new VerboseOption();

    /** Logs as the options say. */
    void log() {
        verbose.apply(json);
    }

    /** Logs as the options say; what the command says goes to the screen that is returned. */
    Screen screen(Surroundings surroundings) {
        log();
        return Screen.of(surroundings, json);
    }
}
