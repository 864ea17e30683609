package dev.culvert.node;

import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** What this node itself watches: each wish at each relay that it is linked to. Any thread. */
final class ServiceWatches implements Upstream.Observer {
    private final Dialer dialer;
    private final Upstream upstream;
    private final Member self;
    private final EventLoop loop;
    private final List<Wish> wishes = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    /** @param loop the registrar's, on which relays come and go */
    ServiceWatches(Dialer dialer, Upstream upstream, Member self, EventLoop loop) {
        this.dialer = dialer;
        this.upstream = upstream;
        this.self = self;
        this.loop = loop;
        upstream.observe(this);
    }

    /** What somebody wants to know. Any thread. */
    private final class Wish {
        private final String patterns;
        private final Function<Peer, OfferListener> listeners;
        private final List<RelayWatch> at = new CopyOnWriteArrayList<>();
        private volatile boolean closed;

        /** @param listeners makes one for each session in which it is asked */
        Wish(String patterns, Function<Peer, OfferListener> listeners) {
            this.patterns = patterns;
            this.listeners = listeners;
        }

        void begin(Peer peer) {
            if (at.stream().anyMatch(watch -> watch.isAt(peer))) {
                return;
            }
            RelayWatch watch = new RelayWatch(dialer, peer, self, patterns, listeners.apply(peer));
            at.add(watch);
            watch.begin();
            if (closed) {
                watch.close();
            }
        }

        void end(Peer peer) {
            at.removeIf(watch -> {
                boolean there = watch.isAt(peer);
                if (there) {
                    watch.over();
                }
                return there;
            });
        }

        void close() {
            closed = true;
            at.forEach(RelayWatch::close);
        }
    }

    /** The result ends the watch. */
    AutoCloseable add(String patterns, ServiceWatcher watcher) {
        return add(patterns, peer -> OfferListener.of(watcher))::run;
    }

    /** As {@link #add(String, ServiceWatcher)}, each relay heard by itself. */
    Runnable add(String patterns, Function<Peer, OfferListener> listeners) {
        Wish wish = new Wish(patterns, listeners);
        Hop.to(loop, () -> {
            if (!closed) {
                wishes.add(wish);
                upstream.peers().forEach(wish::begin);
            }
        });
        return () -> {
            wishes.remove(wish);
            wish.close();
        };
    }

    @Override
    public void onUp(Peer peer) {
        wishes.forEach(wish -> wish.begin(peer));
    }

    @Override
    public void onDown(Peer peer) {
        wishes.forEach(wish -> wish.end(peer));
    }

    /** Ends all: the node will go, and they would keep its links. None begins any more. */
    void close() {
        closed = true;
        wishes.forEach(Wish::close);
        wishes.clear();
    }
}
