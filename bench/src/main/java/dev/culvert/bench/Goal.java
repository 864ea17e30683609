package dev.culvert.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A figure of one contestant, alone or over one of another contestant in the same round, and how good it must be.
 * <em>Immutable.</em>
 *
 * @param over null if the figure stands alone
 * @param higherIsBetter whether {@code must} and {@code target} are lower bounds
 */
record Goal(String label, Figure figure, @Nullable Figure over, boolean higherIsBetter, double must, double target) {
    /** What a contestant's trial reported under a name. */
    record Figure(String contestant, String name) {}

    enum Verdict {
        TARGET("target met"),
        MUST("must met"),
        MISSED("MISSED"),
        NONE("no run");

        private final String text;

        Verdict(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** @param spread null if no round had all that is needed */
    record Result(Goal goal, @Nullable Spread spread, Verdict verdict) {}

    static Goal atLeast(String label, Figure figure, Figure over, double must, double target) {
        return new Goal(label, figure, over, true, must, target);
    }

    static Goal atMost(String label, Figure figure, Figure over, double must, double target) {
        return new Goal(label, figure, over, false, must, target);
    }

    /** @param rounds per round: contestant, then figure; contestants whose trial failed are absent */
    Result judge(List<Map<String, Map<String, Double>>> rounds) {
        List<Double> values = new ArrayList<>();
        for (Map<String, Map<String, Double>> round : rounds) {
            Double value = value(round, figure);
            Double base = over == null ? Double.valueOf(1) : value(round, over);
            if (value != null && base != null) {
                values.add(value / base);
            }
        }
        if (values.size() < rounds.size() || values.isEmpty()) {
            return new Result(this, null, Verdict.NONE);
        }
        Spread spread = Spread.of(values);
        return new Result(this, spread, verdict(spread.median()));
    }

    private static @Nullable Double value(Map<String, Map<String, Double>> round, Figure figure) {
        Map<String, Double> figures = round.get(figure.contestant());
        return figures == null ? null : figures.get(figure.name());
    }

    private Verdict verdict(double median) {
        if (higherIsBetter ? median >= target : median <= target) {
            return Verdict.TARGET;
        }
        return (higherIsBetter ? median >= must : median <= must) ? Verdict.MUST : Verdict.MISSED;
    }
}
