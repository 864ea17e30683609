package dev.culvert.node;

import dev.culvert.api.ErrorCode;
import dev.culvert.link.LinkContext;
import dev.culvert.link.LinkSet;
import dev.culvert.link.LocalNode;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The links that exist because somebody dials, one for each relay and namespace. Owned by one loop; any thread may call. */
final class DemandLinks {
    /** Relays at once: who resolves to more has a mistake in the resolver. */
    private static final int MAX_LINKS = 1024;

    private final EventLoop loop;
    private final Parts parts;
    private final long idleMillis;
    private final List<DemandLink> links = new ArrayList<>();
    private boolean closed;

    /** What links are made of. */
    record Parts(NodeConfig config, LocalNode local, LinkSide side, Peers peers, LinkContext context) {}

    DemandLinks(EventLoop loop, Parts parts, long idleMillis) {
        this.loop = loop;
        this.parts = parts;
        this.idleMillis = idleMillis;
    }

    /** Who wants a link; on any thread, once. */
    interface Waiter {
        /** @param relays the first to be tried first */
        void onReached(List<Peer> relays);

        void onNotReached(Refused refused);
    }

    /** Tells {@code waiter} when the link is up, which is begun if there is none. */
    void reach(LinkConfig config, Waiter waiter) {
        Hop.to(loop, () -> {
            if (closed) {
                waiter.onNotReached(refused(ErrorCode.DRAINING, "this node is closed (expected: one that runs)"));
                return;
            }
            RelayPlace place = place(config);
            DemandLink link = find(place);
            if (link == null || link.isSpent()) {
                link = begin(place, config, waiter);
            }
            if (link != null) {
                link.add(waiter);
            }
        });
    }

    private @Nullable DemandLink find(RelayPlace place) {
        return links.stream().filter(link -> link.leadsTo(place)).findFirst().orElse(null);
    }

    private RelayPlace place(LinkConfig config) {
        return RelayPlace.of(config, parts.config().identity().namespace());
    }

    /** The relay that this node is linked to anyway, to be used instead; null: it is not now. */
    @Nullable
    Peer standing(LinkConfig config, List<Peer> relays) {
        RelayPlace place = place(config);
        return relays.stream()
                .filter(relay -> relay.isUp() && place.meets(relay))
                .findFirst()
                .orElse(null);
    }

    /** Whether this node keeps a link there anyway, though it may be down now. */
    boolean isKept(LinkConfig config) {
        RelayPlace place = place(config);
        return parts.config().links().stream().anyMatch(kept -> place(kept).meets(place));
    }

    private @Nullable DemandLink begin(RelayPlace place, LinkConfig config, Waiter waiter) {
        if (links.size() >= MAX_LINKS) {
            waiter.onNotReached(refused(
                    ErrorCode.BUSY, MAX_LINKS + " relays are linked for dials (expected: fewer in use at once)"));
            return null;
        }
        DemandLink link = new DemandLink(
                loop, place, parts.side(), idleMillis, config.relays().size());
        LinkConfig once = config.withTiming(config.timing().withoutRetries());
        try {
            LinkSet set = LinkSet.start(
                    config.relays(),
                    LinkSide.options(parts.config(), parts.local(), once).withMinLinks(1),
                    List::of,
                    parts.peers().with(link),
                    link,
                    parts.context());
            links.add(link);
            link.start(set, () -> links.remove(link));
            return link;
        } catch (IllegalArgumentException e) {
            waiter.onNotReached(refused(ErrorCode.INTERNAL, String.valueOf(e.getMessage())));
            return null;
        }
    }

    /** It does not wait any more. */
    void forget(LinkConfig config, Waiter waiter) {
        Hop.to(loop, () -> {
            DemandLink link = find(place(config));
            if (link != null) {
                link.remove(waiter);
            }
        });
    }

    /** The node closes, and its links with it. */
    void close() {
        Hop.to(loop, () -> {
            closed = true;
            List.copyOf(links)
                    .forEach(link ->
                            link.end(refused(ErrorCode.DRAINING, "this node is closed (expected: one that runs)")));
        });
    }

    private Refused refused(ErrorCode code, String text) {
        return Refused.here(parts.local().name(), code, text);
    }
}
