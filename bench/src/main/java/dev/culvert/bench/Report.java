package dev.culvert.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Tables for a reader, and the same as one JSON object per line for a program. Owned by the main thread. */
final class Report implements AutoCloseable {
    private final PrintStream screen = System.out;
    private final Writer file;
    private final List<String> summary = new ArrayList<>();

    Report(Path file) throws IOException {
        this.file = Files.newBufferedWriter(file, StandardCharsets.UTF_8);
    }

    void header(List<String> lines) {
        lines.forEach(screen::println);
        for (String line : lines) {
            int colon = line.indexOf(':');
            record(new JsonLine().text("about", line.substring(0, colon)).text("is", line.substring(colon + 2)));
        }
    }

    void begin(Row row) {
        screen.println();
        screen.println(row.key() + ": " + row.title());
    }

    void trial(Row row, int round, Contestant contestant, Map<String, Double> figures) {
        JsonLine line =
                new JsonLine().text("row", row.key()).number("round", round).text("contestant", contestant.name());
        figures.forEach(line::number);
        record(line);
    }

    void failure(Row row, int round, Contestant contestant, String reason) {
        screen.println("  ERROR in round " + round + ": " + reason);
        record(new JsonLine()
                .text("row", row.key())
                .number("round", round)
                .text("contestant", contestant.name())
                .text("error", reason));
    }

    /** Prints what every contestant did and how the goals stand. */
    void end(Row row, List<Map<String, Map<String, Double>>> rounds) {
        screen.printf(Locale.ROOT, "  %-52s %-22s %11s %11s %11s%n", "", "", "min", "median", "max");
        for (Contestant contestant : row.contestants()) {
            for (Row.Shown shown : row.shown()) {
                List<Double> values = rounds.stream()
                        .map(round ->
                                round.getOrDefault(contestant.name(), Map.of()).get(shown.name()))
                        .filter(Objects::nonNull)
                        .toList();
                if (!values.isEmpty()) {
                    print(contestant.name(), shown.unit(), Spread.of(values), "");
                }
            }
        }
        row.goals().forEach(goal -> end(row, goal.judge(rounds)));
    }

    /** The goals of all rows as a Markdown table. */
    void summary() {
        if (summary.isEmpty()) {
            return;
        }
        screen.println();
        screen.println("| row | figure | min | median | max | must | target | |");
        screen.println("|---|---|---|---|---|---|---|---|");
        summary.forEach(screen::println);
    }

    private void end(Row row, Goal.Result result) {
        Goal goal = result.goal();
        Spread spread = result.spread();
        String sign = goal.higherIsBetter() ? ">=" : "<=";
        String asked = sign + " " + number(goal.must()) + " / " + sign + " " + number(goal.target());
        String three = "- | - | -";
        if (spread == null) {
            screen.println("  " + goal.label() + ": no run");
        } else {
            print("-> " + goal.label(), asked, spread, result.verdict().toString());
            three = number(spread.min()) + " | " + number(spread.median()) + " | " + number(spread.max());
            record(new JsonLine()
                    .text("row", row.key())
                    .text("goal", goal.label())
                    .number("min", spread.min())
                    .number("median", spread.median())
                    .number("max", spread.max())
                    .number("must", goal.must())
                    .number("target", goal.target())
                    .text("verdict", result.verdict().toString()));
        }
        summary.add("| " + row.key() + " | " + goal.label() + " | " + three + " | " + sign + " " + number(goal.must())
                + " | " + sign + " " + number(goal.target()) + " | " + result.verdict() + " |");
    }

    private void print(String name, String unit, Spread spread, String verdict) {
        screen.printf(
                Locale.ROOT,
                "  %-52s %-22s %11s %11s %11s  %s%n",
                name,
                unit,
                number(spread.min()),
                number(spread.median()),
                number(spread.max()),
                verdict);
    }

    /** Four digits that count, and no more than needed. */
    private static String number(double value) {
        double size = Math.abs(value);
        int decimals = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : 3;
        String text = String.format(Locale.ROOT, "%,." + decimals + "f", value);
        return text.contains(".") ? text.replaceAll("[.]?0+$", "") : text;
    }

    private void record(JsonLine line) {
        try {
            file.write(line.toString());
            file.write('\n');
            file.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
