package dev.culvert.link.transport;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who waits, in line by source: sources take turns, and within one it is first come, first served. So a source that sends thousands
 * delays another by one turn. Not safe for threads; its owner guards it. Each call takes constant time.
 *
 * @param <T> who waits
 */
final class FairLine<T> {
    private static final Object NO_SOURCE = new Object();

    private final Map<Object, LinkedHashSet<T>> bySource = new LinkedHashMap<>();

    /** @param source null stands for one source too */
    void add(@Nullable Object source, T waiting) {
        bySource.computeIfAbsent(key(source), k -> new LinkedHashSet<>()).add(waiting);
    }

    /** Of no effect if it does not wait. */
    void remove(@Nullable Object source, T waiting) {
        bySource.computeIfPresent(key(source), (k, line) -> line.remove(waiting) && line.isEmpty() ? null : line);
    }

    /** Takes the next one out; null: nobody waits. */
    @Nullable
    T next() {
        if (bySource.isEmpty()) {
            return null;
        }
        Map.Entry<Object, LinkedHashSet<T>> turn =
                bySource.entrySet().iterator().next();
        bySource.remove(turn.getKey());
        T first = turn.getValue().iterator().next();
        turn.getValue().remove(first);
        if (!turn.getValue().isEmpty()) {
            bySource.put(turn.getKey(), turn.getValue());
        }
        return first;
    }

    boolean isEmpty() {
        return bySource.isEmpty();
    }

    private static Object key(@Nullable Object source) {
        return source == null ? NO_SOURCE : source;
    }
}
