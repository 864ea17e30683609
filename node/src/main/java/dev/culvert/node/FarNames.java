package dev.culvert.node;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which names the services of all relays make, whose they are, and the ways to them. Owned by its {@link RouteBook}. [ROUTE-16]
 */
final class FarNames {
    private final String self;
    /** Each registration that is heard of, under its bare node and under its bare service: two that exclude each other meet in one of these. */
    private final Map<NameKey, Map<Advert.Id, Claim>> groups = new HashMap<>();

    private final Set<NameKey> changed = new LinkedHashSet<>();

    FarNames(String self) {
        this.self = self;
    }

    /** A service at a relay and the ways to it; none for this relay itself. */
    private record Claim(Advert advert, List<FarRoute> ways) {}

    void put(Advert advert, List<FarRoute> ways) {
        Claim claim = new Claim(advert, ways);
        for (NameKey group : List.of(ofNode(advert.key()), ofService(advert.key()))) {
            Claim before =
                    groups.computeIfAbsent(group, key -> new LinkedHashMap<>()).put(advert.id(), claim);
            if (before != null) {
                touch(group, before.advert());
            }
            touch(group, advert);
        }
    }

    void remove(Advert.Id id) {
        for (NameKey group : List.of(ofNode(id.key()), ofService(id.key()))) {
            Map<Advert.Id, Claim> claims = groups.get(group);
            Claim claim = claims == null ? null : claims.remove(id);
            if (claim != null) {
                touch(group, claim.advert());
                groups.computeIfPresent(group, (key, left) -> left.isEmpty() ? null : left);
            }
        }
    }

    private static NameKey ofNode(NameKey key) {
        return new NameKey(key.namespace(), key.node(), "", 0);
    }

    private static NameKey ofService(NameKey key) {
        return new NameKey(key.namespace(), "", key.service(), key.port());
    }

    /** A registration came, went or changed: so do its names, and those of all that it excludes or that exclude it. */
    private void touch(NameKey group, Advert advert) {
        note(advert.key());
        for (Claim other : groups.getOrDefault(group, Map.of()).values()) {
            if (Ownership.excludes(advert, other.advert().key(), other.advert().holder())) {
                note(other.advert().key());
            }
        }
    }

    private void note(NameKey key) {
        changed.add(key);
        changed.add(ofService(key));
    }

    /** Names, bare and under their nodes, that are not as they were. */
    Set<NameKey> changes() {
        return changed;
    }

    /** Takes the changes, and returns those services of this relay among them whose name is another's. */
    List<Advert> takeLosers() {
        List<Advert> losers = new ArrayList<>();
        for (NameKey key : changed) {
            for (Claim claim : claims(key)) {
                if (claim.advert().origin().equals(self) && !stands(claim.advert())) {
                    losers.add(claim.advert());
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
        for (Claim claim : claims(key)) {
            if (!claim.advert().origin().equals(self) && stands(claim.advert())) {
                there = true;
                ways.addAll(claim.advert().lost() ? List.of() : claim.ways());
            }
        }
        return there ? ways : null;
    }

    private List<Claim> claims(NameKey key) {
        Collection<Claim> ofService =
                groups.getOrDefault(ofService(key), Map.of()).values();
        return ofService.stream()
                .filter(claim ->
                        key.node().isEmpty() || claim.advert().key().node().equals(key.node()))
                .toList();
    }

    private boolean stands(Advert advert) {
        return Ownership.stands(advert, adverts(ofNode(advert.key())))
                && Ownership.stands(advert, adverts(ofService(advert.key())));
    }

    private List<Advert> adverts(NameKey group) {
        return groups.getOrDefault(group, Map.of()).values().stream()
                .map(Claim::advert)
                .toList();
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

    /** Another relay's registration that excludes a new one; null: none. */
    @Nullable
    Advert rival(NameKey key, String principal, boolean shared) {
        Advert.Holder holder = new Advert.Holder(principal, shared, Long.MAX_VALUE);
        for (NameKey group : List.of(ofNode(key), ofService(key))) {
            for (Advert claim : adverts(group)) {
                if (!claim.origin().equals(self) && Ownership.excludes(claim, key, holder)) {
                    return claim;
                }
            }
        }
        return null;
    }
}
