package dev.culvert.node;

import dev.culvert.api.ErrorCode;
import dev.culvert.policy.Principal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Who holds which name, living or kept for an owner whose link is lost. Owned by the registry. [CTRL-10]
 *
 * <p>A node name belongs to one principal as long as anything is registered or kept under it. A bare service name belongs
 * to the node that registered it first, unless all that offer it have said that they share it.
 */
final class Claims {
    private final RouteTable table;
    private final BiFunction<Member, Offer, @Nullable String> elsewhere;
    private final Map<NodeKey, Owner> owners = new HashMap<>();
    private final Map<NameKey, List<Claim>> byName = new HashMap<>();
    private final PriorityQueue<Claim> kept = new PriorityQueue<>(Comparator.comparingLong(Claim::keptUntilNanos));
    private long sequence;
    private int size;

    /** @param elsewhere says why another relay's registrations forbid one here; null: they do not */
    Claims(RouteTable table, BiFunction<Member, Offer, @Nullable String> elsewhere) {
        this.table = table;
        this.elsewhere = elsewhere;
    }

    private record NodeKey(String namespace, String node) {
        static NodeKey of(Member member) {
            return new NodeKey(member.namespace(), member.node());
        }
    }

    private record Owner(Principal principal, int claims) {}

    /** {@code keptUntilNanos} {@link Long#MAX_VALUE}: it lives. */
    private record Claim(Route route, long keptUntilNanos) {
        boolean living() {
            return keptUntilNanos == Long.MAX_VALUE;
        }

        Member member() {
            return route.member();
        }

        Offer offer() {
            return route.offer();
        }
    }

    /** Registrations that live or are kept. */
    int size() {
        return size;
    }

    /** Gives the offer's names to {@code member}, unless another holds one. What is kept for this node is its own again. */
    Outcome take(Member member, Offer offer) {
        Owner owner = owners.get(NodeKey.of(member));
        if (owner != null && !owner.principal().equals(member.principal())) {
            return new Outcome(
                    ErrorCode.NAME_TAKEN,
                    "node name '" + member.node()
                            + "' belongs to another key (expected: a name of your own; choose one with --name)");
        }
        Claim rival = rival(member, offer);
        if (rival != null) {
            return new Outcome(
                    ErrorCode.NAME_TAKEN,
                    "service '" + offer.label() + "' belongs to node '"
                            + rival.member().node()
                            + "' (choose another name, or expose it with --shared on both machines)");
        }
        String far = elsewhere.apply(member, offer);
        if (far != null) {
            return new Outcome(ErrorCode.NAME_TAKEN, far);
        }
        for (Claim old : keptOf(member, offer)) {
            remove(old);
            kept.remove(old);
        }
        add(new Claim(new Route(member, offer, ++sequence), Long.MAX_VALUE));
        return Outcome.OK;
    }

    private @Nullable Claim rival(Member member, Offer offer) {
        for (NameKey key : offer.keys(member.namespace(), "")) {
            for (Claim held : byName.getOrDefault(key, List.of())) {
                boolean shared = held.offer().shared() && offer.shared();
                boolean twice = held.member().equals(member) && held.living();
                if (twice || !shared && !held.member().sameNode(member)) {
                    return held;
                }
            }
        }
        return null;
    }

    private List<Claim> keptOf(Member member, Offer offer) {
        List<Claim> found = new ArrayList<>();
        for (NameKey key : offer.keys(member.namespace(), member.node())) {
            for (Claim held : byName.getOrDefault(key, List.of())) {
                if (!held.living() && !found.contains(held)) {
                    found.add(held);
                }
            }
        }
        return found;
    }

    /** Whether any living member of the same node has an offer that this one would stand beside. */
    List<Route> beside(Member member, Offer offer) {
        List<Route> found = new ArrayList<>();
        for (NameKey key : offer.keys(member.namespace(), member.node())) {
            for (Claim held : byName.getOrDefault(key, List.of())) {
                if (held.living()
                        && held.member().sameNode(member)
                        && !held.member().equals(member)) {
                    found.add(held.route());
                }
            }
        }
        return found;
    }

    /** Ends a registration at once: its owner does not want it any more, or a later session has it. */
    void release(Member member, Offer offer) {
        Claim claim = find(member, offer);
        if (claim != null) {
            remove(claim);
        }
    }

    /** Takes the route away and keeps the name for its owner. */
    void keep(Member member, Offer offer, long untilNanos) {
        Claim claim = find(member, offer);
        if (claim == null) {
            return;
        }
        remove(claim);
        boolean stands = !beside(member, offer).isEmpty();
        if (!stands) {
            Claim rest = new Claim(claim.route(), untilNanos);
            kept.add(rest);
            add(rest);
        }
    }

    /** Forgets what was kept until now. */
    void expire(long nowNanos) {
        while (!kept.isEmpty() && kept.peek().keptUntilNanos() <= nowNanos) {
            remove(kept.poll());
        }
    }

    /** When {@link #expire} has something to do; {@link Long#MAX_VALUE}: never. */
    long nextNanos() {
        Claim first = kept.peek();
        return first == null ? Long.MAX_VALUE : first.keptUntilNanos();
    }

    private @Nullable Claim find(Member member, Offer offer) {
        List<NameKey> keys = offer.keys(member.namespace(), member.node());
        for (Claim held : byName.getOrDefault(keys.get(0), List.of())) {
            if (held.living() && held.member().equals(member) && held.offer().id() == offer.id()) {
                return held;
            }
        }
        return null;
    }

    private void add(Claim claim) {
        size++;
        Principal principal = claim.member().principal();
        owners.merge(
                NodeKey.of(claim.member()), new Owner(principal, 1), (a, b) -> new Owner(principal, a.claims() + 1));
        for (NameKey key : keys(claim)) {
            byName.computeIfAbsent(key, k -> new ArrayList<>()).add(claim);
            publish(key);
        }
    }

    private void remove(Claim claim) {
        size--;
        owners.computeIfPresent(
                NodeKey.of(claim.member()),
                (key, owner) -> owner.claims() == 1 ? null : new Owner(owner.principal(), owner.claims() - 1));
        for (NameKey key : keys(claim)) {
            byName.computeIfPresent(key, (k, claims) -> claims.remove(claim) && claims.isEmpty() ? null : claims);
            publish(key);
        }
    }

    private static List<NameKey> keys(Claim claim) {
        List<NameKey> keys = new ArrayList<>(claim.offer().keys(claim.member().namespace(), ""));
        keys.addAll(
                claim.offer().keys(claim.member().namespace(), claim.member().node()));
        return keys;
    }

    private void publish(NameKey key) {
        List<Claim> claims = byName.get(key);
        if (claims == null) {
            table.forget(key);
        } else {
            table.publish(
                    key, claims.stream().filter(Claim::living).map(Claim::route).toList());
        }
    }
}
