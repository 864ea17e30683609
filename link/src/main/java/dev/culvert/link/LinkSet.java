package dev.culvert.link;

import dev.culvert.api.ErrorCode;
import dev.culvert.link.proto.Control;
import dev.culvert.link.proto.Registration;
import dev.culvert.link.proto.RelayAddress;
import dev.culvert.link.proto.Welcome;
import dev.culvert.link.transport.Connector;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The links of one node to its relays: one to every relay it was given, and to others that these name until there are enough. Any
 * thread; which relays to link to is decided by {@link RelayChoice} on one event loop.
 */
public final class LinkSet implements AutoCloseable {
    private static final DrainPlan DROP = DrainPlan.within(60_000);

    private final LinkParts parts;
    private final Function<RelayTarget, ChannelSource> sources;
    private final EventLoop loop;
    private final RelayChoice choice;
    private final Map<RelayTarget, Link> chosen = new HashMap<>();
    private final Set<Link> all = ConcurrentHashMap.newKeySet();
    private final Emptied emptied = new Emptied();
    private final Watch watch = new Watch();
    private volatile boolean closed;

    private LinkSet(List<RelayTarget> targets, LinkParts parts, Function<RelayTarget, ChannelSource> sources) {
        this.parts = parts;
        this.sources = sources;
        this.loop = parts.context().loops().next();
        this.choice = new RelayChoice(targets, parts.options().minLinks());
    }

    /**
     * Starts to link and returns at once.
     *
     * @param targets the relays given by configuration or join string; none for a set that only attaches
     * @param offers the services to register at once with each new session; asked on any event loop, must not block
     * @throws IllegalArgumentException if a target's identity key is needed and missing
     */
    public static LinkSet start(
            List<RelayTarget> targets,
            LinkOptions options,
            Supplier<List<Registration>> offers,
            SessionListener sessions,
            LinkListener links,
            LinkContext context) {
        targets.forEach(target -> check(target, options));
        LinkParts parts = new LinkParts(options, offers, new SessionEvents(sessions), links, context);
        Connector connector = new Connector(context.loops());
        return start(targets, parts, target -> ChannelSource.dialling(target, options.connect(), connector));
    }

    static LinkSet start(List<RelayTarget> targets, LinkParts parts, Function<RelayTarget, ChannelSource> sources) {
        LinkSet set = new LinkSet(targets, parts, sources);
        Hop.to(set.loop, set::choose);
        return set;
    }

    private static void check(RelayTarget target, LinkOptions options) {
        if (options.credentials().key() != null && target.key() == null) {
            throw new IllegalArgumentException("relay " + target + ": no identity key (expected: one, since Hello is"
                    + " signed for it; use a join string)");
        }
    }

    /**
     * Links over a channel that the caller got himself, for example from {@link dev.culvert.link.transport.AttachedStream}. Such a link is over
     * when its session is.
     */
    public Link attach(RelayTarget target, Future<Channel> channel) {
        check(target, parts.options());
        return begin(target, ChannelSource.of(channel));
    }

    /**
     * One more link, to a place that is not one of the set's relays: what it says of other relays is not heard. A set without relays may have
     * such links only.
     */
    public Link dial(RelayTarget target) {
        check(target, parts.options());
        return begin(target, sources.apply(target));
    }

    /** The links that are not over. A snapshot. */
    public List<Link> links() {
        return List.copyOf(all);
    }

    /** Connects no more, takes leave of all sessions as planned, and completes when the last has ended; then closed. */
    public CompletionStage<Void> drain(DrainPlan plan) {
        closed = true;
        all.forEach(link -> link.drain(plan));
        return emptied.whenEmpty();
    }

    /** Ends all links now. Idempotent. */
    @Override
    public void close() {
        closed = true;
        all.forEach(Link::close);
    }

    private void choose() {
        if (closed) {
            return;
        }
        for (RelayChoice.Move move : choice.next()) {
            if (move instanceof RelayChoice.Start start) {
                chosen.put(start.target(), begin(start.target(), sources.apply(start.target())));
            } else if (move instanceof RelayChoice.Drop drop) {
                Link link = chosen.remove(drop.target());
                if (link != null) {
                    link.drain(DROP);
                }
            }
        }
        if (choice.anyGood()) {
            chosen.values().forEach(Link::letGo);
        }
    }

    private Link begin(RelayTarget target, ChannelSource source) {
        Link link = new Link(target, source, parts, watch);
        emptied.onAdded();
        all.add(link);
        link.start();
        if (closed) {
            link.close();
        }
        return link;
    }

    /** Hears from links, on their event loops, and passes on to the set's. */
    private final class Watch implements Link.Watcher {
        @Override
        public void onUp(Link link, Session session, Welcome welcome) {
            Hop.to(loop, () -> {
                if (chosen.get(link.target()) == link) {
                    closeTwins(link, session);
                    choice.state(link.target(), RelayChoice.State.GOOD);
                    learn(link, welcome.getRelaysList());
                    choose();
                }
            });
        }

        private void closeTwins(Link link, Session session) {
            List<Link> twins = chosen.values().stream()
                    .filter(other -> other != link)
                    .filter(other -> other.leadsTo(session.peerInstance()))
                    .toList();
            for (Link twin : twins) {
                chosen.remove(twin.target());
                twin.close();
                choice.state(twin.target(), RelayChoice.State.TWIN);
            }
        }

        private void learn(Link from, List<RelayAddress> relays) {
            for (RelayAddress relay : relays) {
                LearnedRelay.parse(relay, from.target().endpoint()).ifPresent(choice::learn);
            }
        }

        @Override
        public void onUnsteady(Link link, Control drain) {
            Hop.to(loop, () -> {
                if (chosen.get(link.target()) == link) {
                    choice.state(link.target(), RelayChoice.State.UNSTEADY);
                    learn(link, drain.getDrain().getRelaysList());
                    choose();
                }
            });
        }

        @Override
        public void onOver(Link link, ErrorCode code) {
            Hop.to(loop, () -> {
                if (chosen.remove(link.target(), link)) {
                    choice.state(link.target(), RelayChoice.State.REFUSED);
                    choose();
                }
            });
        }

        @Override
        public void onEnded(Link link) {
            all.remove(link);
            emptied.onRemoved();
        }
    }
}
