package dev.culvert.gateway;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.datapoints.GaugeDataPoint;
import java.util.List;

/** What is counted of one service. Any thread. */
final class ServiceSeries {
    /** By the first digit of the status. */
    private final List<CounterDataPoint> requests;

    private final DistributionDataPoint seconds;
    private final GaugeDataPoint inFlight;
    private final CounterDataPoint bytesIn;
    private final CounterDataPoint bytesOut;
    private volatile long usedMillis;

    ServiceSeries(
            List<CounterDataPoint> requests,
            DistributionDataPoint seconds,
            GaugeDataPoint inFlight,
            CounterDataPoint bytesIn,
            CounterDataPoint bytesOut) {
        this.requests = requests;
        this.seconds = seconds;
        this.inFlight = inFlight;
        this.bytesIn = bytesIn;
        this.bytesOut = bytesOut;
    }

    void begin(long nowMillis) {
        inFlight.inc();
        usedMillis = nowMillis;
    }

    void end() {
        inFlight.dec();
    }

    /** @param timed whether the duration says something about the service */
    void count(int status, AccessRecord.Outcome outcome, boolean timed, long nowMillis) {
        requests.get(Math.max(0, Math.min(status / 100, requests.size() - 1))).inc();
        bytesIn.inc(outcome.bytesIn());
        bytesOut.inc(outcome.bytesOut());
        usedMillis = nowMillis;
        if (timed) {
            seconds.observe(outcome.millis() / 1000.0);
        }
    }

    boolean isQuietSince(long thenMillis) {
        return inFlight.get() == 0 && usedMillis <= thenMillis;
    }
}
