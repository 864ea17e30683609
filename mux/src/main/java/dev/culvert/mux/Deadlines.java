package dev.culvert.mux;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Things that must end within one and the same time, oldest first. Owned by its session's event loop. Pure. */
final class Deadlines<K> {
    private final long limitNanos;
    /** Made when first needed: most sessions never do. */
    private @Nullable LinkedHashMap<K, Long> ends;

    Deadlines(long limitNanos) {
        this.limitNanos = limitNanos;
    }

    /** Starts the time of {@code key}; one that runs already goes on. */
    void start(K key, long nowNanos) {
        LinkedHashMap<K, Long> all = ends;
        if (all == null) {
            all = new LinkedHashMap<>();
            ends = all;
        }
        all.putIfAbsent(key, nowNanos + limitNanos);
    }

    void cancel(K key) {
        if (ends != null) {
            ends.remove(key);
        }
    }

    /** Removes and returns one whose time is over. */
    @Nullable
    K expired(long nowNanos) {
        if (ends == null || ends.isEmpty()) {
            return null;
        }
        Iterator<Map.Entry<K, Long>> oldest = ends.entrySet().iterator();
        Map.Entry<K, Long> entry = oldest.next();
        if (nowNanos - entry.getValue() < 0) {
            return null;
        }
        K key = entry.getKey();
        oldest.remove();
        return key;
    }

    boolean isEmpty() {
        return ends == null || ends.isEmpty();
    }

    /** When the first one ends; not empty. */
    long firstNanos() {
        if (ends == null) {
            throw new IllegalStateException("nothing has a deadline");
        }
        return ends.values().iterator().next();
    }
}
