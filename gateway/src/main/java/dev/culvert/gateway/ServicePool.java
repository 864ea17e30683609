package dev.culvert.gateway;

import dev.culvert.api.Address;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Connections to services that wait for the next request; the one that came last goes first, so that the others may end. Owned by one event
 * loop.
 */
final class ServicePool {
    private final EventLoop loop;
    private final int keptPerService;
    private final long reuseMillis;
    private final Map<Address, Deque<Kept>> idle = new HashMap<>();

    ServicePool(EventLoop loop, int keptPerService, long reuseMillis) {
        this.loop = loop;
        this.keptPerService = keptPerService;
        this.reuseMillis = reuseMillis;
    }

    private record Kept(ServiceSide side, Future<?> end) {}

    /** One that is open; null: there is none. */
    @Nullable
    ServiceSide take(Address address) {
        Deque<Kept> waiting = idle.get(address);
        while (waiting != null && !waiting.isEmpty()) {
            Kept kept = waiting.removeLast();
            kept.end().cancel(false);
            if (waiting.isEmpty()) {
                idle.remove(address);
            }
            if (kept.side().isOpen()) {
                return kept.side();
            }
        }
        return null;
    }

    /** It waits for the next request, or ends if there are enough. */
    void give(Address address, ServiceSide side) {
        Deque<Kept> waiting = idle.computeIfAbsent(address, key -> new ArrayDeque<>(2));
        if (waiting.size() >= keptPerService || reuseMillis == 0 || !side.isOpen()) {
            if (waiting.isEmpty()) {
                idle.remove(address);
            }
            side.close();
            return;
        }
        Future<?> end = loop.schedule(side::close, reuseMillis, TimeUnit.MILLISECONDS);
        Kept kept = new Kept(side, end);
        waiting.addLast(kept);
        side.rest(() -> forget(address, kept));
    }

    private void forget(Address address, Kept kept) {
        kept.end().cancel(false);
        Deque<Kept> waiting = idle.get(address);
        if (waiting != null && waiting.remove(kept) && waiting.isEmpty()) {
            idle.remove(address);
        }
    }

    /** Ends all that wait. */
    void close() {
        idle.values().stream().flatMap(Deque::stream).toList().forEach(kept -> kept.side().close());
    }
}
