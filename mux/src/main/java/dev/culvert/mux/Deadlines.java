package dev.culvert.mux;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Things that must end within one and the same time, oldest first. Owned by its session's event loop. Pure. */
final class Deadlines<K> {
    private final long limitNanos;
    private final LinkedHashMap<K, Long> ends = new LinkedHashMap<>();

    Deadlines(long limitNanos) {
        this.limitNanos = limitNanos;
    }

    /** Starts the time of {@code key}; one that runs already goes on. */
    void start(K key, long nowNanos) {
        ends.putIfAbsent(key, nowNanos + limitNanos);
    }

    void cancel(K key) {
        ends.remove(key);
    }

    /** Removes and returns one whose time is over. */
    @Nullable
    K expired(long nowNanos) {
        Iterator<Map.Entry<K, Long>> oldest = ends.entrySet().iterator();
        if (!oldest.hasNext()) {
            return null;
        }
        Map.Entry<K, Long> entry = oldest.next();
        if (nowNanos - entry.getValue() < 0) {
            return null;
        }
        K key = entry.getKey();
        oldest.remove();
        return key;
    }

    boolean isEmpty() {
        return ends.isEmpty();
    }

    /** When the first one ends; not empty. */
    long firstNanos() {
        return ends.values().iterator().next();
    }
}
