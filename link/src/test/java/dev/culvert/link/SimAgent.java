package dev.culvert.link;

import dev.culvert.api.ErrorCode;
import dev.culvert.link.proto.Role;
import dev.culvert.policy.IdentityKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An agent of a simulation, linked to some of its relays. Owned by the test's thread. */
final class SimAgent implements LinkListener {
    final SimWorld world;
    final IdentityKey key = IdentityKey.generate();
    final RecordedSessions sessions = new RecordedSessions();
    final List<String> events = new ArrayList<>();
    final List<Long> retryMillis = new ArrayList<>();
    final Map<RelayTarget, SimRelay> reach = new HashMap<>();
    LinkContext context;
    Credentials credentials;
    LinkTiming timing = LinkTiming.DEFAULT;
    LinkSet links;
    final LocalNode node;

    SimAgent(SimWorld world, String name) {
        this.world = world;
        world.agents.add(this);
        this.context = world.context();
        this.credentials = Credentials.join(key, "join-token-of-" + name);
        this.node = new LocalNode(name, Role.ROLE_LEAF, "test 1", context.random());
    }

    /** Relays that it can reach if it hears of them. */
    SimAgent reaching(SimRelay... relays) {
        for (SimRelay relay : relays) {
            reach.put(relay.target(), relay);
        }
        return this;
    }

    SimAgent link(SimRelay... relays) {
        reaching(relays);
        List<RelayTarget> targets = new ArrayList<>();
        for (SimRelay relay : relays) {
            targets.add(relay.target());
        }
        return linkTo(targets);
    }

    /** Linked already. */
    SimAgent linked(SimRelay... relays) {
        link(relays);
        world.until("the link", 100, this::up);
        return this;
    }

    SimAgent linkTo(List<RelayTarget> targets) {
        LinkOptions options = LinkOptions.of(node, credentials).withTiming(timing);
        LinkParts parts = new LinkParts(options, List::of, new SessionEvents(sessions), this, context);
        links = LinkSet.start(targets, parts, target -> reach.get(target).source());
        return this;
    }

    /** Else it would connect for ever, and the network never be still. */
    void stop() {
        if (links != null) {
            links.close();
        }
    }

    boolean up() {
        return !sessions.up.isEmpty();
    }

    Session session() {
        return sessions.up.get(sessions.up.size() - 1);
    }

    @Override
    public void onConnecting(Link link, long attempt) {
        events.add("connecting #" + attempt);
    }

    @Override
    public void onStep(Link link, String step, String detail, long nanos) {
        events.add("step " + step);
    }

    @Override
    public void onUp(Link link, Session session) {
        events.add("up #" + session.attempt());
    }

    @Override
    public void onRetry(Link link, ErrorCode code, String reason, long delayNanos) {
        events.add("retry " + code);
        retryMillis.add(delayNanos / 1_000_000);
    }

    @Override
    public void onRefused(Link link, ErrorCode code, String reason) {
        events.add("refused " + code + ": " + reason);
    }
}
