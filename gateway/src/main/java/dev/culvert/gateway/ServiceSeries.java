package dev.culvert.gateway;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What is counted of one service. Any thread. */
final class ServiceSeries {
    /** Upper bounds of the histogram, in milliseconds. */
    static final List<Integer> BOUNDS_MILLIS = List.of(5, 25, 100, 250, 500, 1_000, 2_500, 10_000, 60_000);

    /** By the first digit of the status; without one the client was gone. */
    static final List<String> CLASSES = List.of("none", "1xx", "2xx", "3xx", "4xx", "5xx");

    private final List<LongAdder> requests = adders(CLASSES.size());
    private final List<LongAdder> slots = adders(BOUNDS_MILLIS.size() + 1);
    private final LongAdder millis = new LongAdder();
    private final LongAdder bytesIn = new LongAdder();
    private final LongAdder bytesOut = new LongAdder();
    private final AtomicInteger inFlight = new AtomicInteger();
    private volatile long usedMillis;

    private static List<LongAdder> adders(int count) {
        return Stream.generate(LongAdder::new).limit(count).toList();
    }

    void begin(long nowMillis) {
        inFlight.incrementAndGet();
        usedMillis = nowMillis;
    }

    void end() {
        inFlight.decrementAndGet();
    }

    /** @param timed whether the duration says something about the service */
    void count(int status, AccessRecord.Outcome outcome, boolean timed, long nowMillis) {
        requests.get(Math.max(0, Math.min(status / 100, CLASSES.size() - 1))).increment();
        bytesIn.add(outcome.bytesIn());
        bytesOut.add(outcome.bytesOut());
        usedMillis = nowMillis;
        if (timed) {
            slots.get(slot(outcome.millis())).increment();
            millis.add(outcome.millis());
        }
    }

    private static int slot(long tookMillis) {
        int slot = 0;
        while (slot < BOUNDS_MILLIS.size() && tookMillis > BOUNDS_MILLIS.get(slot)) {
            slot++;
        }
        return slot;
    }

    /** Adds what another has counted, which counts no more. */
    void take(ServiceSeries other) {
        IntStream.range(0, CLASSES.size())
                .forEach(i -> requests.get(i).add(other.requests.get(i).sum()));
        IntStream.range(0, slots.size())
                .forEach(i -> slots.get(i).add(other.slots.get(i).sum()));
        millis.add(other.millis.sum());
        bytesIn.add(other.bytesIn.sum());
        bytesOut.add(other.bytesOut.sum());
    }

    boolean isQuietSince(long thenMillis) {
        return inFlight.get() == 0 && usedMillis <= thenMillis;
    }

    /** Of a class of status, by its place in {@link #CLASSES}. */
    long requests(int place) {
        return requests.get(place).sum();
    }

    /** Those that took no longer than each bound, the last one: all. */
    List<Long> cumulated() {
        long[] sum = new long[1];
        return slots.stream().map(slot -> sum[0] += slot.sum()).toList();
    }

    long millis() {
        return millis.sum();
    }

    long bytesIn() {
        return bytesIn.sum();
    }

    long bytesOut() {
        return bytesOut.sum();
    }

    int inFlight() {
        return inFlight.get();
    }
}
