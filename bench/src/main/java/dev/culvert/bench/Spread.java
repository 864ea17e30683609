package dev.culvert.bench;

import java.util.List;

/** Several rounds of one figure. <em>Immutable.</em> */
record Spread(double min, double median, double max) {
    static Spread of(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int n = sorted.length;
        if (n == 0) {
            throw new IllegalArgumentException("no values (expected: at least one)");
        }
        double median = n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
        return new Spread(sorted[0], median, sorted[n - 1]);
    }

    /** Jain's index: 1 if all have the same, 1/n if one has everything. */
    static double jain(long[] shares) {
        double sum = 0;
        double squares = 0;
        for (long share : shares) {
            sum += (double) share;
            squares += (double) share * share;
        }
        return sum * sum / (shares.length * squares);
    }
}
