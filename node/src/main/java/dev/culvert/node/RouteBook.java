package dev.culvert.node;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one relay knows of the services at others, and what it tells them: a path vector, in which every way names the relays on it. Pure:
 * time and messages are handed in. Owned by the loop of its {@code RouteExchange}. [ROUTE-10] to [ROUTE-17]
 *
 * <p>Why it cannot go wrong for long: a way that does not exist any more was told by a neighbour that had it one relay shorter, so after
 * as many rounds of telling as a path may have relays none is left. A version that the origin took back never comes again, since what is as old
 * or older is not taken.
 */
final class RouteBook {
    /** Relays in a path: one more has passed the stream before, which makes seven. [OPEN-9] */
    static final int MAX_PATH = 6;

    /** How long the version of a service is remembered that nobody tells any more. */
    static final long MEMORY_NANOS = 60_000_000_000L;

    private final String self;
    private final long boot;
    private final RouteLimits limits;
    private final FarNames names;
    private final Map<NameKey, Advert> own = new LinkedHashMap<>();
    private final Map<Advert.Id, Known> known = new HashMap<>();
    /** What nobody tells now, the longest forgotten first. */
    private final Map<Advert.Id, Long> memory = new LinkedHashMap<>();

    private final Map<Long, Neighbour> neighbours = new LinkedHashMap<>();
    private long sequence;

    /** @param boot rises with each start of this relay */
    RouteBook(String self, long boot, RouteLimits limits) {
        this.self = self;
        this.boot = boot;
        this.limits = limits;
        this.names = new FarNames(self);
    }

    /** How far a service's origin has come, and who has a way to it. {@code over}: the origin took this version back. */
    private static final class Known {
        private Advert.Version version;
        private boolean over;
        private final Map<Neighbour, Advert> ways = new LinkedHashMap<>();

        Known(Advert.Version version) {
            this.version = version;
        }
    }

    /** What dials need. */
    FarNames names() {
        return names;
    }

    /** A service that is registered here has changed; null: it is over. */
    void own(NameKey key, Advert.@Nullable Holder holder, boolean lost) {
        Advert before = own.get(key);
        if (holder == null ? before == null : before != null && same(before, holder, lost)) {
            return;
        }
        sequence++;
        Advert.Id id = new Advert.Id(key, self);
        if (holder == null) {
            own.remove(key);
            names.remove(id);
        } else {
            Advert advert = new Advert(key, self, new Advert.Version(boot, sequence), holder, lost, List.of(self));
            own.put(key, advert);
            names.put(advert, List.of());
        }
        note(id);
    }

    private static boolean same(Advert before, Advert.Holder holder, boolean lost) {
        return before.holder().equals(holder) && before.lost() == lost;
    }

    /** What is told of an own service now. */
    @Nullable
    Advert own(NameKey key) {
        return own.get(key);
    }

    /** A relay is there, which is told everything from the beginning. */
    void up(Neighbour neighbour) {
        neighbours.put(neighbour.id(), neighbour);
        own.values().forEach(advert -> neighbour.due.add(advert.id()));
        known.forEach((id, one) -> {
            if (!one.ways.isEmpty()) {
                neighbour.due.add(id);
            }
        });
    }

    /** A relay is not there any more, nor are the ways that it told. */
    void down(long nowNanos, long neighbourId) {
        Neighbour gone = neighbours.remove(neighbourId);
        if (gone != null) {
            Set.copyOf(gone.heard).forEach(id -> drop(nowNanos, gone, id));
        }
    }

    /** A relay says that it has a way. */
    void offered(long nowNanos, long neighbourId, Advert advert) {
        Neighbour from = neighbours.get(neighbourId);
        if (from == null) {
            return;
        }
        forget(nowNanos);
        Advert.Id id = advert.id();
        Known one = known.get(id);
        boolean stale = one != null
                && (advert.version().compareTo(one.version) < 0
                        || one.over && advert.version().equals(one.version));
        if (stale || !isSound(advert, from) || !hasRoom(from, id, one)) {
            drop(nowNanos, from, id); // what it said before does not hold either
            return;
        }
        if (one == null) {
            one = new Known(advert.version());
            known.put(id, one);
        }
        renew(one, id, advert.version());
        one.over = false;
        one.ways.put(from, advert);
        from.heard.add(id);
        memory.remove(id);
        changed(id, one);
    }

    private boolean isSound(Advert advert, Neighbour from) {
        List<String> path = advert.path();
        return !path.isEmpty()
                && path.size() <= MAX_PATH
                && path.get(0).equals(from.node())
                && path.get(path.size() - 1).equals(advert.origin())
                && !path.contains(self)
                && new HashSet<>(path).size() == path.size()
                && from.mayAdvertise(advert.key());
    }

    private boolean hasRoom(Neighbour from, Advert.Id id, @Nullable Known one) {
        return from.heard.contains(id)
                || from.heard.size() < limits.perSession()
                        && (one != null || known.size() < limits.inAll() || forgetOldest());
    }

    /** A relay has no way any more; {@code withdrawn}: it is over at the origin as of this version. */
    void gone(long nowNanos, long neighbourId, Advert.Id id, Advert.Version version, boolean withdrawn) {
        Neighbour from = neighbours.get(neighbourId);
        if (from == null) {
            return;
        }
        forget(nowNanos);
        Known one = known.get(id);
        if (withdrawn && one != null && from.mayAdvertise(id.key()) && version.compareTo(one.version) >= 0) {
            renew(one, id, version);
            clear(one, id);
            one.over = true;
            remember(nowNanos, id);
            changed(id, one);
        } else {
            drop(nowNanos, from, id);
        }
    }

    /** Ways of older versions are ways to something that is not there any more. */
    private void renew(Known one, Advert.Id id, Advert.Version version) {
        if (version.compareTo(one.version) > 0) {
            clear(one, id);
            one.version = version;
        }
    }

    private void clear(Known one, Advert.Id id) {
        one.ways.keySet().forEach(neighbour -> neighbour.heard.remove(id));
        one.ways.clear();
    }

    private void drop(long nowNanos, Neighbour from, Advert.Id id) {
        Known one = known.get(id);
        if (one != null && from.heard.remove(id)) {
            one.ways.remove(from);
            if (one.ways.isEmpty()) {
                remember(nowNanos, id);
            }
            changed(id, one);
        }
    }

    private void remember(long nowNanos, Advert.Id id) {
        memory.remove(id);
        memory.put(id, nowNanos);
    }

    private void forget(long nowNanos) {
        Iterator<Map.Entry<Advert.Id, Long>> oldest = memory.entrySet().iterator();
        while (oldest.hasNext()) {
            Map.Entry<Advert.Id, Long> entry = oldest.next();
            if (nowNanos - entry.getValue() < MEMORY_NANOS) {
                return;
            }
            known.remove(entry.getKey());
            oldest.remove();
        }
    }

    private boolean forgetOldest() {
        Iterator<Advert.Id> oldest = memory.keySet().iterator();
        if (!oldest.hasNext()) {
            return false;
        }
        known.remove(oldest.next());
        oldest.remove();
        return true;
    }

    private void changed(Advert.Id id, Known one) {
        if (one.ways.isEmpty()) {
            names.remove(id);
        } else {
            List<FarRoute> ways = new ArrayList<>(one.ways.size());
            one.ways.forEach((neighbour, way) -> ways.add(new FarRoute(
                    neighbour.exit(), id.key().node(), way.path(), way.holder().httpTerms())));
            names.put(one.ways.values().iterator().next(), ways);
        }
        note(id);
    }

    private void note(Advert.Id id) {
        neighbours.values().forEach(neighbour -> neighbour.due.add(id));
    }

    /** What a neighbour is to be told next; null: nothing for now. */
    Neighbour.@Nullable Message next(long neighbourId) {
        Neighbour to = neighbours.get(neighbourId);
        if (to == null) {
            return null;
        }
        for (Advert.Id id = to.takeDue(); id != null; id = to.takeDue()) {
            Neighbour.Message message = message(to, id);
            if (message != null) {
                return message;
            }
        }
        if (!to.synced) {
            to.synced = true;
            return new Neighbour.Synced();
        }
        return null;
    }

    private Neighbour.@Nullable Message message(Neighbour to, Advert.Id id) {
        Advert before = to.told.get(id);
        Advert now = advertFor(to, id);
        if (now == null) {
            return before == null ? null : gone(to, id);
        }
        boolean room = before != null || to.told.size() < limits.perSession();
        if (now.equals(before) || !room) {
            return null;
        }
        to.told.put(id, now);
        return new Neighbour.Offered(now);
    }

    private Neighbour.Message gone(Neighbour to, Advert.Id id) {
        to.told.remove(id);
        if (id.origin().equals(self)) {
            return new Neighbour.Gone(id, new Advert.Version(boot, sequence), true);
        }
        Known one = known.get(id);
        return one == null
                ? new Neighbour.Gone(id, new Advert.Version(0, 0), false)
                : new Neighbour.Gone(id, one.version, one.over);
    }

    /** The shortest way that does not lead through the one who is told, who would go that way itself. */
    private @Nullable Advert advertFor(Neighbour to, Advert.Id id) {
        if (!to.mayKnow(id.key())) {
            return null;
        }
        if (id.origin().equals(self)) {
            return own.get(id.key());
        }
        Known one = known.get(id);
        Advert best = null;
        for (Advert way : one == null ? List.<Advert>of() : one.ways.values()) {
            if (way.path().size() < MAX_PATH && !way.path().contains(to.node()) && isBetter(way, best)) {
                best = way;
            }
        }
        return best == null ? null : best.through(self);
    }

    private static boolean isBetter(Advert way, @Nullable Advert than) {
        if (than == null || way.path().size() != than.path().size()) {
            return than == null || way.path().size() < than.path().size();
        }
        return way.path().get(0).compareTo(than.path().get(0)) < 0;
    }

    /** Own services whose name belongs to another: they have to go. */
    Set<NameKey> losers() {
        Set<NameKey> losers = new LinkedHashSet<>();
        for (Advert advert : names.takeLosers()) {
            if (own.get(advert.key()) == advert) {
                losers.add(advert.key());
            }
        }
        return losers;
    }

    /** Everything that neighbours tell now. */
    List<Advert> ways() {
        return known.values().stream()
                .flatMap(one -> one.ways.values().stream())
                .toList();
    }

    /** What neighbours tell of one service now. */
    List<Advert> ways(Advert.Id id) {
        Known one = known.get(id);
        return one == null ? List.of() : List.copyOf(one.ways.values());
    }

    /** Services of others that are remembered, with ways and without. */
    int size() {
        return known.size();
    }
}
