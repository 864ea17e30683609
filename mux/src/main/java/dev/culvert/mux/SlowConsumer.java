package dev.culvert.mux;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Whose streams are reset when too much of a session window is unread. <em>Immutable.</em> Pure. [MUX-21]
 *
 * <p>The party that holds most loses first, its largest stream first, until enough is free; only if that does not do, the next.
 */
final class SlowConsumer {
    private SlowConsumer() {}

    /** Unread bytes of one stream, accounted to a party. */
    record Holding<T>(T stream, Object party, int unread) {}

    /** The streams to reset so that at least {@code needed} bytes become free, in that order. */
    static <T> List<T> victims(List<Holding<T>> holdings, long needed) {
        Map<Object, Long> totals = new HashMap<>();
        holdings.forEach(holding -> totals.merge(holding.party, (long) holding.unread, Long::sum));
        List<Holding<T>> order = new ArrayList<>(holdings);
        order.sort(Comparator.<Holding<T>>comparingLong(holding -> -totals.getOrDefault(holding.party, 0L))
                .thenComparingInt(holding -> holding.party.hashCode())
                .thenComparingInt(holding -> -holding.unread));
        ArrayDeque<T> victims = new ArrayDeque<>();
        long freed = 0;
        for (Holding<T> holding : order) {
            if (freed >= needed) {
                break;
            }
            victims.add(holding.stream);
            freed += holding.unread;
        }
        return List.copyOf(victims);
    }
}
