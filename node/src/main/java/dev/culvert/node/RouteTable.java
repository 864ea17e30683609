package dev.culvert.node;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All routes that this node knows, for look-ups without a lock. Any thread reads; the registry's loop writes. Each entry is an
 * immutable list: empty means that the name is kept for its owner, whose link is lost.
 */
final class RouteTable {
    private final Map<NameKey, List<Route>> entries = new ConcurrentHashMap<>();
    private final Map<NameKey, AtomicInteger> turns = new ConcurrentHashMap<>();
    private final Map<NameKey, List<FarRoute>> far = new ConcurrentHashMap<>();
    private final List<Consumer<NameKey>> observers = new CopyOnWriteArrayList<>();
    private volatile Consumer<NameKey> ownObserver = key -> {};

    /** The routes of a name now; null if nobody offers it. */
    @Nullable
    List<Route> find(NameKey key) {
        return entries.get(key);
    }

    /** The ways to a name at other relays; empty: it is kept for its owner; null: no other relay has it. */
    @Nullable
    List<FarRoute> far(NameKey key) {
        return far.get(key);
    }

    /** Whether a name is known, here or elsewhere, and can be reached. */
    Standing standing(NameKey key) {
        List<Route> here = entries.get(key);
        List<FarRoute> there = far.get(key);
        if (here == null && there == null) {
            return Standing.UNKNOWN;
        }
        boolean reached = here != null && !here.isEmpty() || there != null && !there.isEmpty();
        return reached ? Standing.REACHED : Standing.LOST;
    }

    /** {@code LOST}: the name is kept for its owner, whose link is lost. */
    enum Standing {
        UNKNOWN,
        LOST,
        REACHED
    }

    /** The relays on the shortest way to a name, the next one first; empty: it is registered here, or nothing reaches it. */
    List<String> path(NameKey key) {
        List<Route> here = entries.get(key);
        List<FarRoute> there = far.get(key);
        if (here != null && !here.isEmpty() || there == null) {
            return List.of();
        }
        return there.stream()
                .map(FarRoute::path)
                .min(Comparator.<List<String>>comparingInt(List::size).thenComparing(path -> String.join(" ", path)))
                .orElse(List.of());
    }

    /** Every name under its node, here and elsewhere. Weakly consistent. */
    Set<NameKey> names() {
        Set<NameKey> names = new LinkedHashSet<>(entries.keySet());
        names.addAll(far.keySet());
        names.removeIf(key -> key.node().isEmpty());
        return names;
    }

    /** What those may know of a name who show no credential. What other relays have is not known to be public. */
    Publication publication(NameKey key) {
        Standing standing = standing(key);
        if (standing != Standing.REACHED) {
            return standing == Standing.LOST ? Publication.AWAY : Publication.UNKNOWN;
        }
        List<Route> here = entries.get(key);
        List<FarRoute> there = far.get(key);
        if (here == null || here.isEmpty() || there != null && !there.isEmpty()) {
            return Publication.PRIVATE;
        }
        return Publication.of(here);
    }

    /** How a gateway is to speak to a service, here and at other relays. */
    HttpTerms httpTerms(NameKey key) {
        List<Route> here = entries.get(key);
        List<FarRoute> there = far.get(key);
        HttpTerms terms = here == null || here.isEmpty() ? null : HttpTerms.of(here);
        for (FarRoute route : there == null ? List.<FarRoute>of() : there) {
            terms = terms == null ? route.httpTerms() : terms.and(route.httpTerms());
        }
        return terms == null ? HttpTerms.DEFAULT : terms;
    }

    /** Rises with each call for one name. */
    int turn(NameKey key) {
        return turns.computeIfAbsent(key, name -> new AtomicInteger()).getAndIncrement();
    }

    /** Every name under its node with its routes, for status. Weakly consistent. */
    List<Map.Entry<NameKey, List<Route>>> named() {
        List<Map.Entry<NameKey, List<Route>>> all = new ArrayList<>();
        for (Map.Entry<NameKey, List<Route>> entry : entries.entrySet()) {
            if (!entry.getKey().node().isEmpty()) {
                all.add(Map.entry(entry.getKey(), entry.getValue()));
            }
        }
        return all;
    }

    int size() {
        return entries.size();
    }

    /** Every name, bare or under its node. Weakly consistent. */
    void forEach(BiConsumer<NameKey, List<Route>> visitor) {
        entries.forEach(visitor);
    }

    void publish(NameKey key, List<Route> routes) {
        entries.put(key, List.copyOf(routes));
        tellOwn(key);
    }

    void forget(NameKey key) {
        entries.remove(key);
        turns.remove(key);
        tellOwn(key);
    }

    /** What other relays have of a name; null: nothing any more. */
    void publishFar(NameKey key, @Nullable List<FarRoute> routes) {
        if (routes == null) {
            far.remove(key);
            turns.remove(key);
        } else {
            far.put(key, List.copyOf(routes));
        }
        tell(key);
    }

    /** Is told of each name under its node after what is registered here has changed, on the registry's loop. One at most. */
    void onOwnChange(Consumer<NameKey> newObserver) {
        ownObserver = newObserver;
    }

    private void tellOwn(NameKey key) {
        if (!key.node().isEmpty()) {
            ownObserver.accept(key);
        }
        tell(key);
    }

    /** Is told of each name under its node after it has changed, on the registry's loop. The result ends that. */
    Runnable onChange(Consumer<NameKey> observer) {
        observers.add(observer);
        return () -> observers.remove(observer);
    }

    private void tell(NameKey key) {
        if (!key.node().isEmpty()) {
            observers.forEach(observer -> observer.accept(key));
        }
    }
}
