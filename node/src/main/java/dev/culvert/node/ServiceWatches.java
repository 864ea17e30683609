package dev.culvert.node;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What this node itself watches: each wish at each relay that it is linked to. Any thread. */
final class ServiceWatches implements Upstream.Observer {
    private final Dialer dialer;
    private final Upstream upstream;
    private final Member self;
    private final List<Wish> wishes = new CopyOnWriteArrayList<>();

    ServiceWatches(Dialer dialer, Upstream upstream, Member self) {
        this.dialer = dialer;
        this.upstream = upstream;
        this.self = self;
        upstream.observe(this);
    }

    private record Wish(String patterns, ServiceWatcher watcher, CopyOnWriteArrayList<RelayWatch> at) {
        void begin(RelayWatch watch) {
            if (at.addIfAbsent(watch)) {
                watch.begin();
            }
        }

        void close() {
            at.forEach(RelayWatch::close);
        }
    }

    /** The result ends the watch. */
    AutoCloseable add(String patterns, ServiceWatcher watcher) {
        Wish wish = new Wish(patterns, watcher, new CopyOnWriteArrayList<>());
        wishes.add(wish);
        upstream.peers().forEach(peer -> wish.begin(watch(peer, wish)));
        return () -> {
            wishes.remove(wish);
            wish.close();
        };
    }

    private RelayWatch watch(Peer peer, Wish wish) {
        return new RelayWatch(dialer, peer, self, wish.patterns(), wish.watcher());
    }

    @Override
    public void onUp(Peer peer) {
        wishes.forEach(wish -> wish.begin(watch(peer, wish)));
    }

    @Override
    public void onDown(Peer peer) {
        wishes.forEach(wish -> wish.at().removeIf(watch -> watch.isAt(peer)));
    }

    /** Ends all: the node will go, and they would keep its links. */
    void close() {
        wishes.forEach(Wish::close);
        wishes.clear();
    }
}
