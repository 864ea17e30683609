package dev.culvert.node;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which names the services of all relays make, whose they are, and the ways to them. Owned by its {@link RouteBook}. [ROUTE-16]
 */
final class FarNames {
    private final String self;
    private final Map<NodeKey, Map<Advert.Id, Claim>> byNode = new HashMap<>();
    private final Map<NodeKey, String> owners = new HashMap<>();
    private final Map<NameKey, Set<Advert.Id>> byBare = new HashMap<>();
    private final Set<NameKey> changed = new LinkedHashSet<>();

    FarNames(String self) {
        this.self = self;
    }

    private record NodeKey(String namespace, String node) {
        static NodeKey of(NameKey key) {
            return new NodeKey(key.namespace(), key.node());
        }
    }

    /** A service at a relay and the ways to it; none for this relay itself. */
    private record Claim(Advert advert, List<FarRoute> ways) {}

    void put(Advert advert, List<FarRoute> ways) {
        byNode.computeIfAbsent(NodeKey.of(advert.key()), key -> new LinkedHashMap<>())
                .put(advert.id(), new Claim(advert, ways));
        byBare.computeIfAbsent(bare(advert.key()), key -> new LinkedHashSet<>()).add(advert.id());
        touch(advert.key());
    }

    void remove(Advert.Id id) {
        NodeKey node = NodeKey.of(id.key());
        Map<Advert.Id, Claim> claims = byNode.get(node);
        if (claims == null || claims.remove(id) == null) {
            return;
        }
        if (claims.isEmpty()) {
            byNode.remove(node);
        }
        byBare.computeIfPresent(bare(id.key()), (key, ids) -> ids.remove(id) && ids.isEmpty() ? null : ids);
        touch(id.key());
    }

    private static NameKey bare(NameKey key) {
        return new NameKey(key.namespace(), "", key.service(), key.port());
    }

    /** Another owner of the node changes what stands of all its names. */
    private void touch(NameKey key) {
        changed.add(key);
        changed.add(bare(key));
        NodeKey node = NodeKey.of(key);
        Map<Advert.Id, Claim> claims = byNode.getOrDefault(node, Map.of());
        List<Advert> standing = Ownership.ofNode(adverts(claims.values()));
        String owner = standing.isEmpty() ? null : standing.get(0).holder().principal();
        String before = owner == null ? owners.remove(node) : owners.put(node, owner);
        if (!Objects.equals(owner, before)) {
            claims.keySet().forEach(id -> {
                changed.add(id.key());
                changed.add(bare(id.key()));
            });
        }
    }

    private static List<Advert> adverts(Collection<Claim> claims) {
        return claims.stream().map(Claim::advert).toList();
    }

    /** Names, bare and under their nodes, that are not as they were. */
    Set<NameKey> changes() {
        return changed;
    }

    /** Takes the changes, and returns those services of this relay among them whose name is another's. */
    List<Advert> takeLosers() {
        List<Advert> losers = new ArrayList<>();
        for (NameKey key : changed) {
            Set<Advert> standing = new HashSet<>(standing(key));
            for (Advert claim : claims(key)) {
                if (claim.origin().equals(self) && !standing.contains(claim)) {
                    losers.add(claim);
                }
            }
        }
        changed.clear();
        return losers;
    }

    /** The ways to a name, bare or under its node; empty: it is kept for its owner, whose link is lost; null: no other relay has it. */
    @Nullable
    List<FarRoute> find(NameKey key) {
        List<FarRoute> ways = new ArrayList<>();
        boolean there = false;
        for (Advert claim : standing(key)) {
            there |= !claim.origin().equals(self);
            if (!claim.lost()) {
                ways.addAll(claim(claim.id()).ways());
            }
        }
        return there ? ways : null;
    }

    /** The claims on a name that stand, this relay's own included. */
    List<Advert> standing(NameKey key) {
        List<Advert> ofOwners = claims(key).stream()
                .filter(claim -> claim.holder().principal().equals(owners.get(NodeKey.of(claim.key()))))
                .toList();
        return key.node().isEmpty() ? Ownership.ofName(ofOwners) : ofOwners;
    }

    private List<Advert> claims(NameKey key) {
        if (key.node().isEmpty()) {
            return byBare.getOrDefault(key, Set.of()).stream()
                    .map(id -> claim(id).advert())
                    .toList();
        }
        return byNode.getOrDefault(NodeKey.of(key), Map.of()).values().stream()
                .map(Claim::advert)
                .filter(claim -> claim.key().equals(key))
                .toList();
    }

    private Claim claim(Advert.Id id) {
        return Objects.requireNonNull(
                byNode.getOrDefault(NodeKey.of(id.key()), Map.of()).get(id), "a name without a claim");
    }

    /** Why another relay's registrations forbid this one here; null: they do not. [ROUTE-16] */
    @Nullable
    String objection(Member member, Offer offer) {
        for (NameKey key : offer.keys(member.namespace(), member.node())) {
            Advert rival = rival(key, member.principal().id(), offer.shared());
            if (rival != null) {
                return "'" + offer.label() + "' belongs to node '" + rival.key().node() + "' at relay '"
                        + rival.origin()
                        + "' (choose another name, or expose it with --shared on both machines; a node name of your own: --name)";
            }
        }
        return null;
    }

    /** Another relay's claim that stands against a new one; null: none. */
    @Nullable
    Advert rival(NameKey key, String principal, boolean shared) {
        for (Advert claim : byNode.getOrDefault(NodeKey.of(key), Map.of()).values().stream()
                .map(Claim::advert)
                .toList()) {
            if (!claim.origin().equals(self) && !claim.holder().principal().equals(principal)) {
                return claim;
            }
        }
        for (Advert claim : standing(bare(key))) {
            boolean beside = shared && claim.holder().shared();
            if (!claim.origin().equals(self) && !claim.key().node().equals(key.node()) && !beside) {
                return claim;
            }
        }
        return null;
    }
}
