package dev.culvert.mux;

import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** First in, first out; gives its memory back once it is empty after a rush. Owned by its session's event loop. Pure. */
final class Backlog<T> {
    private static final int WORTH_KEEPING = 1024;

    private ArrayDeque<T> entries = new ArrayDeque<>(0);
    private int most;

    void add(T entry) {
        entries.add(entry);
        most = Math.max(most, entries.size());
    }

    @Nullable
    T poll() {
        T first = entries.poll();
        if (most > WORTH_KEEPING && entries.isEmpty()) {
            entries = new ArrayDeque<>(0);
            most = 0;
        }
        return first;
    }

    @Nullable
    T last() {
        return entries.peekLast();
    }

    void remove(T entry) {
        entries.remove(entry);
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    int size() {
        return entries.size();
    }

    List<T> snapshot() {
        return List.copyOf(entries);
    }
}
