package dev.culvert.node;

import com.google.protobuf.ByteString;
import dev.culvert.api.Address;
import dev.culvert.api.ErrorCode;
import dev.culvert.link.Credentials;
import dev.culvert.link.DrainPlan;
import dev.culvert.link.Link;
import dev.culvert.link.LinkListener;
import dev.culvert.link.LinkOptions;
import dev.culvert.link.LinkSet;
import dev.culvert.link.LinkTiming;
import dev.culvert.link.RelayTarget;
import dev.culvert.link.Session;
import dev.culvert.link.proto.Control;
import dev.culvert.link.proto.DirectOffer;
import dev.culvert.link.proto.RegisterResult;
import dev.culvert.link.proto.Renew;
import dev.culvert.link.proto.Withdrawn;
import dev.culvert.link.transport.Endpoint;
import dev.culvert.policy.IdentityKey;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The direct link to one node, from the first question to the end. Owned by the loop of its {@link DirectWays}. [DIRECT-1] to [DIRECT-8]
 *
 * <pre>
 * resting   nothing is asked before a while is over     a dial went through a relay: asking
 * asking    a relay carries the question                an offer: linking; none: resting
 * linking   its addresses are tried in turn             up; none works: resting
 * up        dials take it; tickets are renewed          lost, or not used any more: resting
 * </pre>
 */
final class DirectWay {
    private static final long AGAIN_SOON_SECONDS = 30;
    private static final long AGAIN_LATE_SECONDS = 600;
    private static final int MAX_SERVICES = 64;
    private static final int KEY_BYTES = 32;
    private static final long LONGEST_MILLIS = 600_000;
    private static final DrainPlan LEAVE = DrainPlan.within(60_000);

    private final DirectWays ways;
    private final EventLoop loop;
    private final Place place;
    private final Map<NameKey, Known> services = new HashMap<>();
    private final Set<NameKey> asked = new HashSet<>();
    private final Deque<Endpoint> untried = new ArrayDeque<>();
    private byte[] key = new byte[0];
    private byte[] linkTicket = new byte[0];
    private @Nullable LinkSet set;
    private @Nullable Peer up;
    private long restUntilNanos;
    private long lifeNanos;

    DirectWay(DirectWays ways, Place place) {
        this.ways = ways;
        this.loop = ways.loop();
        this.place = place;
        this.restUntilNanos = now();
    }

    /** A node in a namespace. */
    record Place(String namespace, String node) {}

    /** A service that is dialled there, and the ticket for it. */
    private record Known(Address address, String ticket, long untilNanos) {}

    Place place() {
        return place;
    }

    /** A dial went through a relay though this might have carried it. */
    void look(NameKey service, Address address) {
        Known known = services.get(service);
        boolean fresh = known != null && known.untilNanos - now() > lifeNanos / 2;
        if (!fresh && now() - restUntilNanos >= 0 && services.size() + asked.size() < MAX_SERVICES) {
            ask(service, address);
        }
    }

    private void ask(NameKey service, Address address) {
        if (asked.add(service)) {
            new DirectQuestion(ways.dials(), loop, address, new DirectQuestion.Answer() {
                        @Override
                        public void onOffer(DirectOffer offer) {
                            asked.remove(service);
                            DirectWay.this.onOffer(service, address, offer);
                        }

                        @Override
                        public void onNone(ErrorCode code) {
                            asked.remove(service);
                            DirectWay.this.onNone(service, code);
                        }
                    })
                    .start();
        }
    }

    private void onNone(NameKey service, ErrorCode code) {
        if (code.retryHelps()) {
            restFor(AGAIN_SOON_SECONDS); // what was given before is good until its time is over
            return;
        }
        services.remove(service);
        ways.withdraw(service);
        restFor(AGAIN_LATE_SECONDS);
        if (services.isEmpty()) {
            leave();
        }
    }

    private void onOffer(NameKey service, Address address, DirectOffer offer) {
        if (offer.getIdentityKey().size() != KEY_BYTES
                || Integer.toUnsignedLong(offer.getValidMillis()) < ways.shortestMillis()) {
            onNone(service, ErrorCode.PROTOCOL);
            return;
        }
        lifeNanos =
                TimeUnit.MILLISECONDS.toNanos(Math.min(LONGEST_MILLIS, Integer.toUnsignedLong(offer.getValidMillis())));
        String ticket =
                Base64.getUrlEncoder().encodeToString(offer.getStreamTicket().toByteArray());
        services.put(service, new Known(address, ticket, now() + lifeNanos));
        linkTicket = offer.getLinkTicket().toByteArray();
        Peer peer = up;
        if (peer != null) {
            publish(service, peer);
            renew(peer);
        } else if (set == null) {
            key = offer.getIdentityKey().toByteArray();
            untried.clear();
            offer.getAddressesList().stream()
                    .limit(DirectPolicy.MAX_ADDRESSES)
                    .map(ways.policy()::permit)
                    .flatMap(Optional::stream)
                    .forEach(untried::add);
            linkNext();
        }
    }

    private void linkNext() {
        set = null;
        Endpoint endpoint = untried.poll();
        if (endpoint == null) {
            services.clear();
            restFor(AGAIN_LATE_SECONDS);
            return;
        }
        Attempt attempt = new Attempt();
        DirectWays.Parts parts = ways.parts();
        LinkSet links = LinkSet.start(
                List.of(), options(parts), List::of, parts.peers().withDirect(attempt), attempt, parts.context());
        attempt.links = links;
        set = links;
        parts.side().add(links);
        links.dial(new RelayTarget(endpoint, key));
    }

    /** Nothing but the ticket and the key: what this node calls itself is not for everybody. */
    private LinkOptions options(DirectWays.Parts parts) {
        IdentityKey own = parts.config().identity().key();
        return LinkOptions.of(parts.local(), Credentials.ticket(own, linkTicket, place.namespace()))
                .withTiming(LinkTiming.DEFAULT.withoutRetries())
                .withMux(parts.config().mux());
    }

    private void onUp(LinkSet links, Peer peer) {
        if (set != links || up != null || !peer.node().equals(place.node())) {
            links.drain(LEAVE);
            return;
        }
        up = peer;
        services.keySet().forEach(service -> publish(service, peer));
        loop.schedule(() -> look(peer), lifeNanos / 2, TimeUnit.NANOSECONDS);
    }

    private void publish(NameKey service, Peer peer) {
        Known known = services.get(service);
        if (known != null) {
            DirectWays.Ready before = ways.published(service);
            long used = before == null ? now() : before.usedNanos();
            ways.publish(service, new DirectWays.Ready(peer, known.ticket(), known.untilNanos(), used));
        }
    }

    /** Asks anew, through a relay, for what is in use: whoever lost the right to dial loses this way too. [DIRECT-6] */
    private void look(Peer peer) {
        if (up != peer) {
            return;
        }
        Set<NameKey> unused = new HashSet<>(services.keySet());
        unused.removeIf(this::isUsed);
        if (unused.size() == services.size() && peer.mux().openStreams() > 0) {
            services.keySet().stream().findFirst().ifPresent(unused::remove); // for the sake of the streams
        }
        unused.forEach(service -> {
            services.remove(service);
            ways.withdraw(service);
        });
        if (services.isEmpty()) {
            leave();
            return;
        }
        services.forEach((service, known) -> ask(service, known.address()));
        loop.schedule(() -> look(peer), lifeNanos / 2, TimeUnit.NANOSECONDS);
    }

    private boolean isUsed(NameKey service) {
        DirectWays.Ready ready = ways.published(service);
        return ready != null && now() - ready.usedNanos() < 2 * lifeNanos;
    }

    private void renew(Peer peer) {
        Control message = Control.newBuilder()
                .setRenew(Renew.newBuilder().setTicket(ByteString.copyFrom(linkTicket)))
                .build();
        Hop.to(peer.loop(), () -> {
            if (peer.isUp()) {
                peer.session().send(message);
            }
        });
    }

    /** The link gives no answers. */
    void leaveIf(Peer peer) {
        if (up == peer) {
            leave();
        }
    }

    /** Lets streams end that are open. */
    void leave() {
        LinkSet links = set;
        untried.clear();
        down();
        if (links != null) {
            links.drain(LEAVE);
        }
    }

    private void down() {
        services.keySet().forEach(ways::withdraw);
        services.clear();
        up = null;
        set = null;
    }

    /** It was refused over the link: it is to be asked for anew. */
    void drop(NameKey service) {
        services.remove(service);
    }

    /** Whether nothing is lost if it is forgotten. */
    boolean isIdle() {
        return set == null && asked.isEmpty() && now() - restUntilNanos >= 0;
    }

    private void restFor(long seconds) {
        restUntilNanos = now() + TimeUnit.SECONDS.toNanos(seconds);
    }

    private long now() {
        return loop.ticker().nanoTime();
    }

    /** One address that is tried. Told on event loops. */
    private final class Attempt implements Uplinks, LinkListener {
        private volatile @Nullable LinkSet links;

        private void then(Consumer<LinkSet> step) {
            Hop.to(loop, () -> step.accept(Objects.requireNonNull(links, "not started")));
        }

        @Override
        public void onUp(Peer peer, String relay, List<RegisterResult> results) {
            then(own -> DirectWay.this.onUp(own, peer));
        }

        @Override
        public void onDown(Peer peer) {
            then(own -> {
                if (set == own) {
                    restFor(AGAIN_SOON_SECONDS);
                    down();
                }
            });
        }

        @Override
        public void onConnecting(Link link, long attempt) {
            ways.parts().side().onConnecting(link, attempt);
        }

        @Override
        public void onUp(Link link, Session session) {
            ways.parts().side().onUp(link, session);
        }

        @Override
        public void onRefused(Link link, ErrorCode code, String reason) {
            ways.parts().side().tellRefused(link, code, reason);
            then(own -> {
                if (set == own && up == null) {
                    linkNext();
                }
            });
        }

        @Override
        public void onEnded(Link link) {
            then(own -> ways.parts().side().remove(own, link.target().toString()));
        }

        /** A failure is the end of it. */
        @Override
        public void onRetry(Link link, ErrorCode code, String reason, long delayNanos) {}

        @Override
        public void onStep(Link link, String step, String detail, long nanos) {}

        /** Nothing is registered. */
        @Override
        public void onResult(Peer peer, RegisterResult result) {}

        /** Nothing is registered. */
        @Override
        public void onWithdrawn(Peer peer, Withdrawn message) {}
    }
}
