package dev.culvert.node;

import dev.culvert.api.Address;
import dev.culvert.api.LiveMap;
import dev.culvert.api.NodeRoute;
import dev.culvert.api.ServiceRoute;
import dev.culvert.policy.NamePatterns;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** The live maps of one node. Any thread. */
final class LiveViews {
    private static final Comparator<Address> BY_NAME = Comparator.comparing(Address::node)
            .thenComparing(Address::service)
            .thenComparing(Address::port, Integer::compareUnsigned)
            .thenComparing(Address::namespace);

    private final CatalogueFeed.Sources sources;
    private final CompletableFuture<Void> over;
    private final Map<CatalogueFeed, LiveView<?, ?>> open = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** @param over completes when the node is closed */
    LiveViews(CatalogueFeed.Sources sources, CompletableFuture<Void> over) {
        this.sources = sources;
        this.over = over;
    }

    /** Blocks for a moment. */
    LiveMap<Address, ServiceRoute> services(String patterns) {
        Catalogue catalogue = new Catalogue(sources.self().node());
        CatalogueFeed feed = feed(NamePatterns.parse(patterns), catalogue);
        LiveView<Address, ServiceRoute> view = new LiveView<>(BY_NAME, feed);
        catalogue.listener(new Catalogue.Listener() {
            @Override
            public void onService(Address address) {
                view.put(address, catalogue.service(address));
            }
        });
        begin(feed, view);
        return view;
    }

    /** Blocks for a moment. */
    LiveMap<String, NodeRoute> routes(String patterns) {
        NamePatterns nodes = NamePatterns.parse(patterns);
        Catalogue catalogue = new Catalogue(sources.self().node());
        CatalogueFeed feed = feed(NamePatterns.ALL, catalogue);
        LiveView<String, NodeRoute> view = new LiveView<>(Comparator.naturalOrder(), feed);
        catalogue.listener(new Catalogue.Listener() {
            @Override
            public void onNode(String node) {
                if (nodes.matches(node)) {
                    view.put(node, catalogue.node(node));
                }
            }
        });
        begin(feed, view);
        return view;
    }

    private CatalogueFeed feed(NamePatterns services, Catalogue catalogue) {
        return new CatalogueFeed(sources, services, catalogue, open::remove);
    }

    private void begin(CatalogueFeed feed, LiveView<?, ?> view) {
        sources.requireThreadThatMayWait().run();
        open.put(feed, view);
        CompletableFuture<Void> begun = new CompletableFuture<>();
        if (!closed) {
            Hop.to(sources.loop(), () -> {
                feed.begin();
                begun.complete(null);
            });
            CompletableFuture.anyOf(begun, over).join();
        }
        if (closed) {
            close();
            throw new IllegalStateException("this node is closed (expected: one that runs)");
        }
    }

    /** Ends all: the node will go. None begins any more. */
    void close() {
        closed = true;
        open.forEach((feed, view) -> {
            view.end();
            Hop.to(sources.loop(), feed::end);
        });
        open.clear();
    }
}
