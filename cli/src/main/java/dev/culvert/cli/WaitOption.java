package dev.culvert.cli;

import java.time.Duration;
import picocli.CommandLine.Option;

/** How long a command waits for a link and for the first answer. Owned by the main thread. */
final class WaitOption {
    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "30s",
            description = "How long to wait for a link and for the answer. Default: ${DEFAULT-VALUE}.")
    private String timeout = "";

    /** The time as it was given. */
    String text() {
        return timeout;
    }

    Duration patience() throws Failure {
        try {
            Duration patience = Units.duration(timeout);
            if (patience.isZero()) {
                throw Failure.usage("--timeout " + timeout + ": expected more than zero");
            }
            return patience;
        } catch (IllegalArgumentException e) {
            throw Failure.usage("--timeout: " + e.getMessage());
        }
    }
}
