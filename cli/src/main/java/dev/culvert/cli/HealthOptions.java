package dev.culvert.cli;

import dev.culvert.node.ExposedService;
import java.time.Duration;
import picocli.CommandLine.Option;

/** Options of a command that publishes an app only while it is well. Owned by the main thread. */
final class HealthOptions {
    @Option(
            names = "--check",
            paramLabel = "CHECK",
            description =
                    "Publish only while this is well: http://host:port/path (200 to 399), or a target that accepts"
                            + " connections, as 8080.")
    private String check = "";

    @Option(
            names = "--run",
            paramLabel = "COMMAND",
            description = "Start this app with sh -c, and end it at the end; without --check the target must accept"
                    + " connections.")
    private String run = "";

    @Option(
            names = "--retry",
            paramLabel = "TIME",
            defaultValue = "1s",
            description = "Between checks while it is not well. Default: ${DEFAULT-VALUE}.")
    private String retry = "";

    @Option(
            names = "--recheck",
            paramLabel = "TIME",
            defaultValue = "5s",
            description = "Between checks while it is well. Default: ${DEFAULT-VALUE}.")
    private String recheck = "";

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            defaultValue = "20s",
            description = "How long it may take to be well for the first time. Default: ${DEFAULT-VALUE}.")
    private String wait = "";

    /**
     * What was asked for. <em>Immutable.</em>
     *
     * @param run empty: the app is started by somebody else
     */
    record Terms(HealthCheck check, String run, Duration retry, Duration recheck, Duration patience) {}

    /** Whether any check was asked for. */
    boolean areGiven() {
        return !check.isEmpty() || !run.isEmpty();
    }

    Terms terms(ExposedService service) throws Failure {
        return new Terms(
                HealthCheck.parse(check, service.target(), service.options()),
                run,
                time("--retry", retry),
                time("--recheck", recheck),
                time("--wait", wait));
    }

    private static Duration time(String option, String text) throws Failure {
        try {
            Duration time = Units.duration(text);
            if (time.isZero()) {
                throw Failure.usage(option + " " + text + ": expected more than zero");
            }
            return time;
        } catch (IllegalArgumentException e) {
            throw Failure.usage(option + ": " + e.getMessage());
        }
    }
}
