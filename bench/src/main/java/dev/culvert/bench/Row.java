package dev.culvert.bench;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * One row of the table: contestants that run in rotation, what is shown of them and what is asked of them. <em>Immutable.</em>
 *
 * @param key what selects it on the command line, with others of the same beginning
 * @param shown figures to print
 * @param derive figures made of those that were reported; throws {@link TrialFailed} if they make no sense
 * @param limitSeconds the longest silence of a process
 * @param rounds so many, unless fewer were asked for
 */
record Row(
        String key,
        String title,
        List<Contestant> contestants,
        List<Shown> shown,
        List<Goal> goals,
        UnaryOperator<Map<String, Double>> derive,
        long limitSeconds,
        int rounds) {
    /** As many rounds as were asked for. */
    static final int ALL_ROUNDS = Integer.MAX_VALUE;

    /** A figure to print, and its unit. */
    record Shown(String name, String unit) {}

    Row {
        contestants = List.copyOf(contestants);
        shown = List.copyOf(shown);
        goals = List.copyOf(goals);
    }
}
