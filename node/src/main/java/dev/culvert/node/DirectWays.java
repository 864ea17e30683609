package dev.culvert.node;

import dev.culvert.api.Address;
import dev.culvert.link.LinkContext;
import dev.culvert.link.LocalNode;
import io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The direct links of a node that dials: looks for one behind each dial that went through a relay, and has later dials take it. Owned by
 * one loop; {@link #dial} may be called by any thread on the dial's home loop. [DIRECT-1] [DIRECT-8]
 */
final class DirectWays {
    /** Nodes that are linked to or asked, at once. */
    private static final int MAX_WAYS = 1024;

    private final EventLoop loop;
    private final Parts parts;
    private final OwnDials dials;
    private final DirectPolicy policy;
    private final long shortestMillis;
    private final Map<DirectWay.Place, DirectWay> ways = new HashMap<>();
    private final Map<NameKey, Ready> ready = new ConcurrentHashMap<>();
    private boolean closed;

    /** What links are made of. */
    record Parts(NodeConfig config, LocalNode local, LinkSide side, Peers peers, LinkContext context) {}

    DirectWays(EventLoop loop, Parts parts, OwnDials dials, DirectPolicy policy, long shortestMillis) {
        this.loop = loop;
        this.parts = parts;
        this.dials = dials;
        this.policy = policy;
        this.shortestMillis = shortestMillis;
    }

    /** A service that can be dialled directly now. Any thread. */
    static final class Ready {
        private final Peer peer;
        private final String ticket;
        private final long untilNanos;
        private volatile long usedNanos;

        Ready(Peer peer, String ticket, long untilNanos, long usedNanos) {
            this.peer = peer;
            this.ticket = ticket;
            this.untilNanos = untilNanos;
            this.usedNanos = usedNanos;
        }

        Peer peer() {
            return peer;
        }

        String ticket() {
            return ticket;
        }

        long usedNanos() {
            return usedNanos;
        }

        private boolean use(long nowNanos) {
            boolean good = peer.isUp() && untilNanos - nowNanos > 0;
            if (good) {
                usedNanos = nowNanos;
            }
            return good;
        }
    }

    EventLoop loop() {
        return loop;
    }

    Parts parts() {
        return parts;
    }

    OwnDials dials() {
        return dials;
    }

    DirectPolicy policy() {
        return policy;
    }

    /** Tickets must be good for so long, lest renewing them be all that a node does. */
    long shortestMillis() {
        return shortestMillis;
    }

    /** On the request's home loop. */
    Dialling dial(Address address, Dial.Request request, Dial.Result result) {
        Ready way = ready.get(request.call().key());
        if (way == null || !way.use(loop.ticker().nanoTime())) {
            return relayed(address, request, result);
        }
        DirectDial dial = new DirectDial(this, way, address, request, result);
        dial.start();
        return dial;
    }

    /** Through a relay, and then a direct way is looked for. */
    Dialling relayed(Address address, Dial.Request request, Dial.Result result) {
        return dials.relayed(address, request, new Dial.Result() {
            @Override
            public void onOpened(Dial.Opened opened) {
                Peer relay = opened.exit();
                if (relay.isUpstream() && !relay.isDirect()) {
                    look(address, request.call().key(), relay);
                }
                result.onOpened(opened);
            }

            @Override
            public void onRefused(Refused refused) {
                result.onRefused(refused);
            }
        });
    }

    private void look(Address address, NameKey key, Peer relay) {
        String namespace = address.namespace().isEmpty() ? relay.scope().namespace() : address.namespace();
        Hop.to(loop, () -> {
            DirectWay.Place place = new DirectWay.Place(namespace, key.node());
            DirectWay way = ways.get(place);
            if (way == null && ways.size() >= MAX_WAYS) {
                ways.values().removeIf(DirectWay::isIdle);
            }
            if (way == null && !closed && ways.size() < MAX_WAYS) {
                way = new DirectWay(this, place);
                ways.put(place, way);
            }
            if (way != null) {
                way.look(key, address);
            }
        });
    }

    /** Its link gives no answers. */
    void onDead(Ready dead) {
        Hop.to(loop, () -> ways.values().forEach(way -> way.leaveIf(dead.peer())));
    }

    void publish(NameKey key, Ready now) {
        ready.put(key, now);
    }

    @Nullable
    Ready published(NameKey key) {
        return ready.get(key);
    }

    void withdraw(NameKey key) {
        ready.remove(key);
    }

    /** The node does not take the ticket, or does not have the service any more. */
    void onRefused(NameKey key, Ready refused) {
        if (ready.remove(key, refused)) {
            Hop.to(
                    loop,
                    () -> ways.values().stream()
                            .filter(way -> way.place().node().equals(key.node()))
                            .forEach(way -> way.drop(key)));
        }
    }

    /** The node closes, and its links with it. */
    void close() {
        Hop.to(loop, () -> {
            closed = true;
            ways.values().forEach(DirectWay::leave);
        });
    }
}
