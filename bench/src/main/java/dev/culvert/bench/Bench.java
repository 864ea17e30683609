package dev.culvert.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs the rows that were asked for, contestants in rotation, and prints what came out. Started by {@code bench/run}. */
public final class Bench {
    private final Settings settings;
    private final Report report;
    private final Path errors;

    private Bench(Settings settings, Report report) {
        this.settings = settings;
        this.report = report;
        this.errors = settings.out().resolve("errors.log");
    }

    /** Ends with status 1 if any trial failed; figures that miss their goals do not. */
    public static void main(String[] arguments) throws IOException {
        Settings settings = Settings.parse(arguments, peerCommand());
        Files.createDirectories(settings.keys());
        Files.deleteIfExists(settings.out().resolve("errors.log"));
        try (Report report = new Report(settings.out().resolve("results.jsonl"))) {
            boolean clean = new Bench(settings, report).run();
            report.summary();
            System.exit(clean ? 0 : 1);
        }
    }

    /** Peers run on this process's virtual machine, with its flags and class path. */
    private static List<String> peerCommand() {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Peer.class.getName()));
        return command;
    }

    private boolean run() throws IOException {
        report.header(Machine.describe(settings, errors));
        boolean clean = true;
        for (Row row : Rows.all(settings)) {
            if (settings.wants(row)) {
                clean &= run(row);
            }
        }
        return clean;
    }

    private boolean run(Row row) throws IOException {
        report.begin(row);
        List<Map<String, Map<String, Double>>> rounds = new ArrayList<>();
        int failures = 0;
        for (int round = 1; round <= Math.min(row.rounds(), settings.rounds()); round++) {
            Map<String, Map<String, Double>> figures = new LinkedHashMap<>();
            for (Contestant contestant : row.contestants()) {
                try {
                    figures.put(contestant.name(), run(row, contestant));
                    report.trial(row, round, contestant, figures.get(contestant.name()));
                } catch (TrialFailed e) {
                    failures++;
                    report.failure(row, round, contestant, e.reason());
                }
            }
            rounds.add(figures);
        }
        report.end(row, rounds);
        return failures == 0;
    }

    private Map<String, Double> run(Row row, Contestant contestant) {
        try (Trial trial = new Trial(errors, row.limitSeconds())) {
            return row.derive().apply(trial.run(contestant));
        }
    }
}
