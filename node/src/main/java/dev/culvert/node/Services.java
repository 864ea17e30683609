package dev.culvert.node;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The services that this node offers itself: its own list, which no caller can add to. Any thread. */
final class Services {
    private final String node;
    private final Map<NameKey, Own> byName = new ConcurrentHashMap<>();
    private final Map<Integer, Own> byId = new ConcurrentHashMap<>();
    private final AtomicInteger ids = new AtomicInteger();

    Services(String node) {
        this.node = node;
    }

    /** One service and what it is registered as. */
    record Own(Offer offer, LocalService service) {}

    int nextId() {
        return ids.incrementAndGet();
    }

    /**
     * Adds a service; reserved names are for this node's own use.
     *
     * @throws IllegalArgumentException if the name or port is offered already
     */
    void add(Offer offer, LocalService service) {
        Own own = new Own(offer, service);
        for (NameKey key : offer.keys("", "")) {
            if (byName.putIfAbsent(key, own) != null) {
                remove(own);
                throw new IllegalArgumentException(
                        "service '" + key + "' is offered by this node already (expected: once)");
            }
        }
        byId.put(offer.id(), own);
    }

    void remove(Offer offer) {
        Own own = byId.remove(offer.id());
        if (own != null) {
            remove(own);
        }
    }

    private void remove(Own own) {
        own.offer().keys("", "").forEach(key -> byName.remove(key, own));
    }

    /** The service that a call means, if it is offered here and now. */
    @Nullable
    LocalService find(NameKey key) {
        if (!key.node().isEmpty() && !key.node().equals(node)) {
            return null;
        }
        Own own = byName.get(new NameKey("", "", key.service(), key.port()));
        return own == null ? null : own.service();
    }

    @Nullable
    Own byId(int id) {
        return byId.get(id);
    }

    /** A snapshot. */
    Collection<Own> all() {
        return byId.values();
    }
}
