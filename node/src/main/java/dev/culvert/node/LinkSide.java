package dev.culvert.node;

import dev.culvert.api.ErrorCode;
import dev.culvert.link.Credentials;
import dev.culvert.link.DrainPlan;
import dev.culvert.link.Link;
import dev.culvert.link.LinkContext;
import dev.culvert.link.LinkListener;
import dev.culvert.link.LinkOptions;
import dev.culvert.link.LinkSet;
import dev.culvert.link.LocalNode;
import dev.culvert.link.Session;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The links that this node dials, and what an operator hears of them. Any thread. */
final class LinkSide implements LinkListener {
    private final List<LinkSet> sets = new CopyOnWriteArrayList<>();
    private final Map<String, NodeStatus.LinkStatus> states = new ConcurrentHashMap<>();
    private final Upstream upstream;
    private final NodeListener listener;
    private volatile boolean closed;

    LinkSide(Upstream upstream, NodeListener listener) {
        this.upstream = upstream;
        this.listener = listener;
    }

    /** Begins to link; returns at once. */
    void start(NodeConfig config, LocalNode node, Registrations registrations, Peers peers, LinkContext context) {
        upstream.expect(
                config.links().stream().mapToInt(link -> link.relays().size()).sum());
        for (LinkConfig link : config.links()) {
            link.relays().forEach(relay -> state(relay.toString(), "connecting", "", ""));
            LinkOptions options = options(config, node, link);
            sets.add(LinkSet.start(link.relays(), options, registrations::offers, peers, this, context));
        }
    }

    static LinkOptions options(NodeConfig config, LocalNode node, LinkConfig link) {
        return LinkOptions.of(node, credentials(config.identity(), link))
                .withConnect(link.connect())
                .withTiming(link.timing())
                .withMux(config.mux())
                .withIdentity(config.identity().application())
                .withRetry(link.retry());
    }

    /** One more set of links, which ends with the others. */
    void add(LinkSet set) {
        sets.add(set);
        if (closed) {
            set.close();
        }
    }

    /** All its links are over. */
    void remove(LinkSet set, String relay) {
        sets.remove(set);
        forget(relay);
    }

    /** One link of a set is over that is not to be seen any more. */
    void forget(String relay) {
        states.remove(relay);
    }

    private static Credentials credentials(NodeIdentity identity, LinkConfig link) {
        boolean keys = link.relays().stream().allMatch(relay -> relay.key() != null);
        return new Credentials(keys ? identity.key() : null, link.join(), link.bearer(), identity.namespace());
    }

    private void state(String relay, String state, String node, String reason) {
        states.put(relay, new NodeStatus.LinkStatus(relay, state, node, reason, -1));
    }

    /** For status; round trips are not known here. */
    List<NodeStatus.LinkStatus> states() {
        return List.copyOf(states.values());
    }

    @Override
    public void onConnecting(Link link, long attempt) {
        states.computeIfAbsent(relay(link), relay -> new NodeStatus.LinkStatus(relay, "connecting", "", "", -1));
        listener.onConnecting(relay(link), link::close);
    }

    @Override
    public void onStep(Link link, String step, String detail, long nanos) {
        listener.onStep(relay(link), step, detail, nanos);
    }

    @Override
    public void onUp(Link link, Session session) {
        state(relay(link), "up", session.peerNode(), "");
        listener.onLinkUp(
                relay(link),
                new NodeListener.LinkUp(
                        session.peerNode(), session.namespace(), session.peer().id()));
    }

    @Override
    public void onRetry(Link link, ErrorCode code, String reason, long delayNanos) {
        state(relay(link), "connecting", "", code + ": " + reason);
        upstream.onRetry(code, relay(link), reason);
        listener.onLinkRetry(relay(link), code, reason, delayNanos);
    }

    @Override
    public void onRefused(Link link, ErrorCode code, String reason) {
        upstream.onRefused(relay(link), code, reason);
        tellRefused(link, code, reason);
    }

    /** A link is over that nobody but those who dial over it had expected. */
    void tellRefused(Link link, ErrorCode code, String reason) {
        state(relay(link), "refused", "", code + ": " + reason);
        listener.onLinkRefused(relay(link), code, reason);
    }

    private static String relay(Link link) {
        return link.target().toString();
    }

    /** Takes leave of all relays. */
    CompletionStage<Void> drain(DrainPlan plan) {
        return CompletableFuture.allOf(
                sets.stream().map(set -> set.drain(plan).toCompletableFuture()).toArray(CompletableFuture[]::new));
    }

    /** Ends all links; completes when their loops have done so. */
    CompletionStage<Void> close() {
        closed = true;
        sets.forEach(LinkSet::close);
        return drain(DrainPlan.within(1));
    }
}
