package dev.culvert.bench;

import java.util.Locale;
import org.HdrHistogram.Histogram;

/** Latencies of one run, to three digits. Owned by one event loop until the run is over. */
final class Latencies {
    private final Histogram nanos = new Histogram(3);

    void add(long latencyNanos) {
        nanos.recordValue(latencyNanos);
    }

    void addAll(Latencies other) {
        nanos.add(other.nanos);
    }

    long count() {
        return nanos.getTotalCount();
    }

    String figures(String prefix) {
        return String.format(
                Locale.ROOT,
                "%1$sn=%2$d %1$sp50us=%3$.1f %1$sp99us=%4$.1f %1$smaxus=%5$.1f",
                prefix,
                nanos.getTotalCount(),
                nanos.getValueAtPercentile(50) / 1e3,
                nanos.getValueAtPercentile(99) / 1e3,
                nanos.getMaxValue() / 1e3);
    }
}
