package dev.culvert.cli;

import picocli.CommandLine.Option;

/** Options of every command that says something. Owned by the main thread. */
final class CommonOptions {
    @Option(names = "--json", description = "Print one JSON object per line, for programs.")
    boolean json;

    @Option(
            names = {"-v", "--verbose"},
            description = "Log to standard error; twice for more.")
    boolean[] verbose = {};
}
