package dev.culvert.cli;

import picocli.CommandLine.Option;

/** How much a command logs. Owned by the main thread. */
final class VerboseOption {
    @Option(
            names = {"-v", "--verbose"},
            description = "Log to standard error; twice for more.")
    private boolean[] verbose = {};

    /** @param json one JSON object per line of the log */
    void apply(boolean json) {
        Logging.start(verbose, json);
    }
}
