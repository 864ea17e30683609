package dev.culvert.node;

import java.util.Collection;
import java.util.Comparator;

/**
 * Whose a name is when several relays have given it away. Pure, <em>stateless</em>: of two registrations that exclude each other,
 * every relay that knows both finds the same one to be the later, so nobody has to ask. [ROUTE-16]
 */
final class Ownership {
    /** Who came first; what follows decides where two relays' clocks say the same. */
    private static final Comparator<Advert> FIRST = Comparator.comparingLong(
                    (Advert advert) -> advert.holder().sinceMillis())
            .thenComparing(Advert::origin)
            .thenComparing(advert -> advert.key().node());

    private Ownership() {}

    /** Whether it may stay: nothing that excludes it came before it. */
    static boolean stands(Advert claim, Collection<Advert> others) {
        for (Advert other : others) {
            if (excludes(other, claim.key(), claim.holder()) && FIRST.compare(other, claim) < 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether a registration forbids one of this name by this holder, were it made later. */
    static boolean excludes(Advert claim, NameKey key, Advert.Holder holder) {
        if (claim.key().node().equals(key.node())) {
            return !claim.holder().principal().equals(holder.principal());
        }
        boolean sameName =
                claim.key().service().equals(key.service()) && claim.key().port() == key.port();
        return sameName && !(claim.holder().shared() && holder.shared());
    }
}
