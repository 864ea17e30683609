package dev.culvert.node;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Whose a name is when several relays have given it away. Pure, <em>stateless</em>: every relay that knows the same claims comes to
 * the same end, so nobody has to ask. [ROUTE-16]
 */
final class Ownership {
    /** Who came first; what follows decides where two relays' clocks say the same. */
    private static final Comparator<Advert> FIRST = Comparator.comparingLong(
                    (Advert advert) -> advert.holder().sinceMillis())
            .thenComparing(Advert::origin)
            .thenComparing(advert -> advert.holder().principal())
            .thenComparing(advert -> advert.key().node());

    private Ownership() {}

    /** Those of the claims on one node name, over all its services, whose principal has it. */
    static List<Advert> ofNode(Collection<Advert> claims) {
        Advert first = claims.stream().min(FIRST).orElse(null);
        return first == null
                ? List.of()
                : claims.stream()
                        .filter(claim ->
                                claim.holder().principal().equals(first.holder().principal()))
                        .toList();
    }

    /** Those of the claims on one bare name that stand: of the node that came first, and of all others if all share it. */
    static List<Advert> ofName(Collection<Advert> claims) {
        Map<String, Boolean> shared = new HashMap<>();
        claims.forEach(claim -> shared.merge(claim.key().node(), claim.holder().shared(), Boolean::logicalAnd));
        Advert first = claims.stream().min(FIRST).orElse(null);
        if (first == null) {
            return List.of();
        }
        String winner = first.key().node();
        List<Advert> standing = new ArrayList<>();
        for (Advert claim : claims) {
            String node = claim.key().node();
            boolean beside = Objects.equals(shared.get(winner), true) && Objects.equals(shared.get(node), true);
            if (node.equals(winner) || beside) {
                standing.add(claim);
            }
        }
        return standing;
    }
}
