package dev.culvert.node;

import dev.culvert.api.Address;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.Way;
import dev.culvert.policy.NamePatterns;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Brings a {@link Catalogue} what is registered here, which sessions there are, and what each relay tells. Owned by the registrar's loop, on
 * which the catalogue's listener is called.
 */
final class CatalogueFeed implements LiveView.Owner {
    private final Sources sources;
    private final NamePatterns patterns;
    private final Catalogue catalogue;
    private final Consumer<CatalogueFeed> onClose;
    private final Catalogue.Source own = new Catalogue.Source();
    private final Map<Peer, String> linked = new HashMap<>();
    private final Set<Catalogue.Source> untold = new HashSet<>();
    private final List<Runnable> waiting = new ArrayList<>();
    private final List<Runnable> leaving = new ArrayList<>();
    private boolean over;

    /** Where it hears of things. */
    record Sources(
            RouteTable table,
            Peers peers,
            ServiceWatches watches,
            Upstream upstream,
            Member self,
            EventLoop loop,
            Runnable requireThreadThatMayWait) {}

    /** @param patterns of services */
    CatalogueFeed(Sources sources, NamePatterns patterns, Catalogue catalogue, Consumer<CatalogueFeed> onClose) {
        this.sources = sources;
        this.patterns = patterns;
        this.catalogue = catalogue;
        this.onClose = onClose;
    }

    /** On the loop. Afterwards all that this node knows by itself is in the catalogue. */
    void begin() {
        RouteTable table = sources.table();
        leaving.add(table.onChange(this::onOwn));
        table.names().forEach(this::onOwn);
        leaving.add(sources.peers().observe(new Peers.Observer() {
            @Override
            public void onUp(Peer peer) {
                Hop.to(sources.loop(), () -> onLinked(peer));
            }

            @Override
            public void onDown(Peer peer) {
                Hop.to(sources.loop(), () -> onUnlinked(peer));
            }
        }));
        sources.peers().all().stream().filter(Peer::isUp).forEach(this::onLinked);
        leaving.add(sources.watches().add(patterns.toString(), peer -> new FromRelay()));
    }

    private void onOwn(NameKey key) {
        if (over || !key.namespace().equals(sources.self().namespace()) || !patterns.matches(key.label())) {
            return;
        }
        Address address = new Address(key.node(), key.service(), key.port(), "");
        List<Route> here = sources.table().find(key);
        List<FarRoute> far = sources.table().far(key);
        if (here == null && far == null) {
            catalogue.gone(own, address);
            return;
        }
        List<Way> ways = new ArrayList<>();
        if (here != null && !here.isEmpty()) {
            ways.add(Way.DIRECT);
        }
        for (FarRoute route : far == null ? List.<FarRoute>of() : far) {
            ways.add(way(route.path(), key.node()));
        }
        catalogue.offered(own, address, ways);
    }

    /** A relay's own services are at the last of the relays on the way. */
    private static Way way(List<String> path, String node) {
        boolean isLast = !path.isEmpty() && path.get(path.size() - 1).equals(node);
        return new Way(isLast ? path.subList(0, path.size() - 1) : path);
    }

    private void onLinked(Peer peer) {
        boolean ours = peer.isUpstream()
                || peer.scope().namespace().equals(sources.self().namespace());
        if (!over && ours && linked.putIfAbsent(peer, peer.node()) == null) {
            catalogue.linked(peer.node());
        }
    }

    private void onUnlinked(Peer peer) {
        if (!over && linked.remove(peer) != null) {
            catalogue.unlinked(peer.node());
        }
    }

    /** What one relay tells. Its calls come on other loops. */
    private final class FromRelay implements OfferListener {
        private final Catalogue.Source source = new Catalogue.Source();

        FromRelay() {
            untold.add(source);
        }

        @Override
        public void onOffered(Told service) {
            List<String> path = new ArrayList<>(service.path().size() + 1);
            path.add(service.relay());
            path.addAll(service.path());
            boolean roundabout = path.contains(sources.self().node());
            List<Way> ways = service.lost()
                    ? List.of()
                    : List.of(way(path, service.address().node()));
            hop(() -> {
                if (roundabout) {
                    catalogue.gone(source, service.address());
                } else {
                    catalogue.offered(source, service.address(), ways);
                }
            });
        }

        @Override
        public void onGone(Told service) {
            hop(() -> catalogue.gone(source, service.address()));
        }

        @Override
        public void onSynced(String relay) {
            hop(() -> told(source));
        }

        @Override
        public void onLost(String relay, ErrorCode code, String text) {
            hop(() -> untold.add(source));
        }

        @Override
        public void onOver() {
            hop(() -> {
                catalogue.over(source);
                told(source);
            });
        }
    }

    private void hop(Runnable task) {
        Hop.to(sources.loop(), () -> {
            if (!over) {
                task.run();
            }
        });
    }

    private void told(Catalogue.Source source) {
        untold.remove(source);
        maybeComplete();
    }

    private void maybeComplete() {
        if (untold.isEmpty()) {
            waiting.forEach(Runnable::run);
            waiting.clear();
        }
    }

    @Override
    public void requireThreadThatMayWait() {
        sources.requireThreadThatMayWait().run();
    }

    /** First for a link, if one may come, then for what relays tell. */
    @Override
    public boolean awaitComplete(Duration timeout) throws IOException {
        requireThreadThatMayWait();
        CompletableFuture<Void> complete = new CompletableFuture<>();
        Runnable wake = () -> complete.complete(null);
        Runnable takeBack = sources.upstream()
                .onNextUp(() -> Hop.to(sources.loop(), () -> {
                    waiting.add(wake);
                    maybeComplete();
                }));
        try {
            return Waits.on(complete, timeout);
        } finally {
            takeBack.run();
            Hop.to(sources.loop(), () -> waiting.remove(wake));
        }
    }

    @Override
    public void onClose() {
        onClose.accept(this);
        Hop.to(sources.loop(), this::end);
    }

    /** On the loop. */
    void end() {
        over = true;
        leaving.forEach(Runnable::run);
        leaving.clear();
        untold.clear();
        maybeComplete();
    }
}
