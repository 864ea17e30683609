package dev.culvert.gateway;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Counts requests under way by a key, each up to a limit. Any thread. Keys without requests are forgotten. */
final class InFlight {
    private final ConcurrentMap<String, Integer> counts = new ConcurrentHashMap<>();
    private final int limit;

    InFlight(int limit) {
        this.limit = limit;
    }

    /** One more; false: there are as many as there may be. */
    boolean begin(String key) {
        boolean[] begun = new boolean[1];
        counts.compute(key, (same, count) -> {
            int now = count == null ? 0 : count;
            begun[0] = now < limit;
            return begun[0] ? Integer.valueOf(now + 1) : count;
        });
        return begun[0];
    }

    void end(String key) {
        counts.computeIfPresent(key, (same, count) -> count == 1 ? null : Integer.valueOf(count - 1));
    }

    int keys() {
        return counts.size();
    }
}
