package dev.culvert.node;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Things that all get the same time, oldest first, with one timer for all. Owned by its event loop.
 *
 * @param <T> compared by {@code equals}
 */
final class Deadlines<T> {
    private final EventLoop loop;
    private final long nanos;
    private final Consumer<T> expired;
    private final Map<T, Long> ends = new LinkedHashMap<>();
    private boolean armed;

    /** @param expired is told of each thing whose time is over; it is forgotten before */
    Deadlines(EventLoop loop, long millis, Consumer<T> expired) {
        this.loop = loop;
        this.nanos = TimeUnit.MILLISECONDS.toNanos(millis);
        this.expired = expired;
    }

    void add(T thing) {
        ends.put(thing, loop.ticker().nanoTime() + nanos);
        arm(nanos);
    }

    void remove(T thing) {
        ends.remove(thing);
    }

    int size() {
        return ends.size();
    }

    /** Forgets everything. */
    void clear() {
        ends.clear();
    }

    private void arm(long delayNanos) {
        if (!armed) {
            armed = true;
            loop.schedule(this::sweep, delayNanos, TimeUnit.NANOSECONDS);
        }
    }

    private void sweep() {
        armed = false;
        long now = loop.ticker().nanoTime();
        List<T> over = new ArrayList<>();
        for (Map.Entry<T, Long> entry : ends.entrySet()) {
            if (entry.getValue() - now > 0) {
                arm(entry.getValue() - now);
                break;
            }
            over.add(entry.getKey());
        }
        over.forEach(ends::remove);
        over.forEach(expired);
    }
}
