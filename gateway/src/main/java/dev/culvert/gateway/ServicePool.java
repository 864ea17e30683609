package dev.culvert.gateway;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Connections to services that wait for the next request; the one that came last goes first, so that the others may end. Each
 * serves one caller, since its service was told who that is, and if it was told more, one client. Owned by one event loop.
 */
final class ServicePool {
    private final EventLoop loop;
    private final int keptPerService;
    private final long reuseNanos;
    private final Map<Key, Deque<Kept>> idle = new HashMap<>();
    /** Whether a look at those that have waited long enough is due: one timer for all, so that a request costs none. */
    private boolean sweepDue;

    ServicePool(EventLoop loop, int keptPerService, long reuseMillis) {
        this.loop = loop;
        this.keptPerService = keptPerService;
        this.reuseNanos = TimeUnit.MILLISECONDS.toNanos(reuseMillis);
    }

    /**
     * What a connection may be used for again.
     *
     * @param second HTTP/2
     * @param client whose address the service was told; empty: it was told none
     */
    record Key(Access.Admitted who, boolean second, String client) {}

    private record Kept(ServiceLeg side, long endNanos) {}

    /** One that is open; null: there is none. */
    @Nullable
    ServiceLeg take(Key key) {
        Deque<Kept> waiting = idle.get(key);
        while (waiting != null && !waiting.isEmpty()) {
            Kept kept = waiting.removeLast();
            if (waiting.isEmpty()) {
                idle.remove(key);
            }
            if (kept.side().isReusable()) {
                return kept.side();
            }
        }
        return null;
    }

    /** It waits for the next request, or ends if there are enough. */
    void give(Key key, ServiceLeg side) {
        Deque<Kept> waiting = idle.computeIfAbsent(key, same -> new ArrayDeque<>(2));
        if (waiting.size() >= keptPerService || reuseNanos == 0 || !side.isReusable()) {
            if (waiting.isEmpty()) {
                idle.remove(key);
            }
            side.close();
            return;
        }
        Kept kept = new Kept(side, loop.ticker().nanoTime() + reuseNanos);
        waiting.addLast(kept);
        side.rest(() -> forget(key, kept));
        if (!sweepDue) {
            sweepIn(reuseNanos);
        }
    }

    private void sweepIn(long nanos) {
        sweepDue = true;
        loop.schedule(this::sweep, nanos, TimeUnit.NANOSECONDS);
    }

    private void sweep() {
        sweepDue = false;
        long now = loop.ticker().nanoTime();
        List<Kept> kept = idle.values().stream().flatMap(Deque::stream).toList();
        kept.stream()
                .filter(one -> one.endNanos() - now <= 0)
                .forEach(one -> one.side().close());
        kept.stream()
                .mapToLong(one -> one.endNanos() - now)
                .filter(left -> left > 0)
                .min()
                .ifPresent(this::sweepIn);
    }

    private void forget(Key key, Kept kept) {
        Deque<Kept> waiting = idle.get(key);
        if (waiting != null && waiting.remove(kept) && waiting.isEmpty()) {
            idle.remove(key);
        }
    }

    /** Ends all that wait. */
    void close() {
        idle.values().stream()
                .flatMap(Deque::stream)
                .toList()
                .forEach(kept -> kept.side().close());
    }
}
