package dev.culvert.node;

import dev.culvert.api.Address;
import dev.culvert.api.NodeRoute;
import dev.culvert.api.ServiceRoute;
import dev.culvert.api.Way;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What several sources tell of services and nodes, as one. Pure. Owned by the loop of its {@link CatalogueFeed}. */
final class Catalogue {
    private final String self;
    private Listener listener = new Listener() {};
    private final Map<Address, Map<Source, List<Way>>> services = new HashMap<>();
    private final Map<String, Mentions> nodes = new HashMap<>();

    Catalogue(String self) {
        this.self = self;
    }

    /** Before anything is told. */
    void listener(Listener newListener) {
        listener = newListener;
    }

    /** Is told what may be otherwise than before. */
    interface Listener {
        default void onService(Address address) {}

        default void onNode(String node) {}
    }

    /** One who tells. */
    static final class Source {
        private final Set<Address> told = new HashSet<>();
        private boolean over;
    }

    /** How often a node was mentioned, and with which ways. */
    private static final class Mentions {
        private int count;
        private final Map<Way, Integer> ways = new TreeMap<>();

        void add(List<Way> more) {
            count++;
            more.forEach(way -> ways.merge(way, 1, Integer::sum));
        }

        void remove(List<Way> fewer) {
            count--;
            fewer.forEach(way -> ways.computeIfPresent(way, (same, times) -> times == 1 ? null : times - 1));
        }
    }

    /** A source has ways to a service; none: its owner is away. */
    void offered(Source source, Address address, List<Way> ways) {
        if (source.over) {
            return;
        }
        source.told.add(address);
        List<Way> before =
                services.computeIfAbsent(address, key -> new HashMap<>()).put(source, ways);
        Mentions mentions = nodes.computeIfAbsent(address.node(), node -> new Mentions());
        mentions.add(ways);
        if (before != null) {
            mentions.remove(before);
        }
        listener.onService(address);
        listener.onNode(address.node());
    }

    /** A source does not know a service any more. */
    void gone(Source source, Address address) {
        if (source.told.remove(address)) {
            forget(source, address);
        }
    }

    private void forget(Source source, Address address) {
        Map<Source, List<Way>> by = services.get(address);
        List<Way> before = by == null ? null : by.remove(source);
        if (by == null || before == null) {
            return;
        }
        if (by.isEmpty()) {
            services.remove(address);
        }
        listener.onService(address);
        mentioned(address.node(), before);
    }

    private void mentioned(String node, List<Way> noMore) {
        Mentions mentions = nodes.get(node);
        if (mentions != null) {
            mentions.remove(noMore);
            if (mentions.count == 0) {
                nodes.remove(node);
            }
            listener.onNode(node);
        }
    }

    /** A source tells nothing any more, whatever may still come from it. */
    void over(Source source) {
        source.over = true;
        source.told.forEach(address -> forget(source, address));
        source.told.clear();
    }

    /** There is one session more with a node. */
    void linked(String node) {
        nodes.computeIfAbsent(node, key -> new Mentions()).add(List.of(Way.DIRECT));
        listener.onNode(node);
    }

    /** There is one less. */
    void unlinked(String node) {
        mentioned(node, List.of(Way.DIRECT));
    }

    /** Null: nobody offers it. */
    @Nullable
    ServiceRoute service(Address address) {
        Map<Source, List<Way>> by = services.get(address);
        if (by == null) {
            return null;
        }
        Set<Way> ways = new TreeSet<>();
        by.values().forEach(ways::addAll);
        boolean own = address.node().equals(self) && ways.contains(Way.DIRECT);
        return new ServiceRoute(address, own ? List.of(Way.DIRECT) : List.copyOf(ways));
    }

    /** Null: it is not known, or it is this node. */
    @Nullable
    NodeRoute node(String node) {
        Mentions mentions = nodes.get(node);
        return mentions == null || node.equals(self) ? null : new NodeRoute(node, List.copyOf(mentions.ways.keySet()));
    }
}
