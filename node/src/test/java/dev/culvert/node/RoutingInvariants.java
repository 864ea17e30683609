package dev.culvert.node;

import dev.culvert.node.RoutingSim.Cable;
import dev.culvert.node.RoutingSim.Relay;
import dev.culvert.node.RoutingSim.Towards;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What holds in a {@link RoutingSim}: after every step, and once nobody has anything more to say. Each failure begins with the rule's name. */
final class RoutingInvariants {
    /** Relays that a stream passes at most. [OPEN-9] */
    private static final int MOST_RELAYS = RouteBook.MAX_PATH + 1;

    /** Ways are right after so many rounds; names that were in conflict take more. [ROUTE-18] */
    static final int ROUNDS = 3 * (RouteBook.MAX_PATH + 1);

    private static final int MOST_LOOKS = 2_000;

    private final RoutingSim sim;
    private final Streams streams;

    RoutingInvariants(RoutingSim sim, Streams streams) {
        this.sim = sim;
        this.streams = streams;
    }

    /** How relays pass streams on. Two of these are bugs. */
    enum Streams {
        CAREFUL,
        /** They do not look where the stream has been. */
        HEEDLESS,
        /** Nor does the one who gets it, and hops are not counted. */
        ENDLESS
    }

    /** After something happened to {@code relay}. */
    void afterStep(Relay relay) {
        for (Advert way : relay.book.ways()) {
            Set<String> relays = new HashSet<>(way.path());
            if (relays.size() != way.path().size() || relays.contains(relay.name)) {
                throw broken("loop", relay + " has " + way);
            }
            long over = relay.over.getOrDefault(way.id(), 0L);
            if (way.holder().sinceMillis() <= over) {
                throw broken("resurrected", relay + " has " + way + ", whose origin took it back");
            }
        }
        stream(relay);
    }

    /** One dial from a relay, by a way that it knows. */
    private void stream(Relay relay) {
        List<Advert> ways = relay.book.ways();
        if (!ways.isEmpty()) {
            NameKey key = sim.any(ways).key();
            boolean bare = sim.random.nextBoolean();
            Deque<String> path = new ArrayDeque<>();
            walk(relay, bare ? new NameKey(key.namespace(), "", key.service(), key.port()) : key, path, new int[1]);
        }
    }

    /** As a router does it: what is here, else way after way; true if it was delivered. */
    private boolean walk(Relay at, NameKey key, Deque<String> path, int[] looks) {
        if (++looks[0] > MOST_LOOKS || path.size() >= 3 * MOST_RELAYS) {
            throw broken("stream without end", key + " by " + path);
        }
        if (path.contains(at.name) && streams != Streams.ENDLESS) {
            throw broken("loop", "a stream to " + key + " came to " + at + " again, by " + path);
        }
        boolean here = at.registered.keySet().stream()
                .anyMatch(own -> own.service().equals(key.service())
                        && (key.node().isEmpty() || own.node().equals(key.node())));
        if (here) {
            return true;
        }
        if (path.size() + 1 >= MOST_RELAYS && streams != Streams.ENDLESS) {
            return false; // no hops are left: refused LOOP
        }
        path.addLast(at.name);
        List<FarRoute> ways =
                new ArrayList<>(Objects.requireNonNullElse(at.book.names().find(key), List.of()));
        ways.sort(Comparator.comparingInt(way -> way.path().size()));
        boolean delivered = false;
        int attempts = 0;
        for (FarRoute way : ways) {
            boolean free = streams != Streams.CAREFUL || way.path().stream().noneMatch(path::contains);
            if (free && !delivered && attempts++ < 3) {
                delivered = walk(((Towards) way.exit()).relay(), key, path, looks);
            }
        }
        path.removeLast();
        return delivered;
    }

    /** Nobody has anything more to say, after at most so many rounds. */
    void settle() {
        int rounds = 0;
        while (sim.round()) {
            if (++rounds > ROUNDS) {
                throw broken("black hole", "after " + ROUNDS + " rounds there is still something to say");
            }
        }
        for (Relay relay : sim.relays) {
            atRest(relay);
        }
    }

    private void atRest(Relay relay) {
        Map<Relay, Integer> distances = distances(relay);
        Map<Advert.Id, Integer> shortest = new HashMap<>();
        relay.book.ways().forEach(way -> shortest.merge(way.id(), way.path().size(), Math::min));
        for (Relay origin : sim.relays) {
            int distance = distances.getOrDefault(origin, Integer.MAX_VALUE);
            for (NameKey key : origin.registered.keySet()) {
                Integer found = origin == relay ? null : shortest.remove(new Advert.Id(key, origin.name));
                boolean near = origin != relay && distance <= RouteBook.MAX_PATH;
                if (near && (found == null || found != distance)) {
                    throw broken(
                            "black hole", relay + " to " + key + " at " + origin + ": " + found + " for " + distance);
                }
                if (!near && found != null) {
                    throw broken("ghost", relay + " to " + key + " at " + origin + ", " + distance + " away");
                }
                if (near || origin == relay) {
                    owned(relay, key, origin);
                }
            }
        }
        if (!shortest.isEmpty()) {
            throw broken("ghost", relay + " has ways to what is not there: " + shortest);
        }
    }

    /** What is registered stands: nobody whom the relay hears of has the same name too. */
    private void owned(Relay relay, NameKey key, Relay origin) {
        Advert.Holder holder = Objects.requireNonNull(origin.registered.get(key));
        for (NameKey own : relay.registered.keySet()) {
            Advert.Holder other = Objects.requireNonNull(relay.registered.get(own));
            boolean same =
                    own.equals(key) && (origin == relay || other.principal().equals(holder.principal()));
            if (!same && RoutingSim.isRival(own, other, key, holder.principal(), holder.shared())) {
                throw broken("owned twice", key + " at " + origin + " and " + own + " at " + relay);
            }
        }
    }

    private Map<Relay, Integer> distances(Relay from) {
        Map<Relay, Integer> distances = new HashMap<>(Map.of(from, 0));
        Deque<Relay> next = new ArrayDeque<>(List.of(from));
        for (Relay at = next.poll(); at != null; at = next.poll()) {
            for (Cable cable : sim.cables) {
                if (cable.isUp() && cable.joins(at)) {
                    Relay other = cable.one == at ? cable.other : cable.one;
                    if (distances.putIfAbsent(other, distances.get(at) + 1) == null) {
                        next.add(other);
                    }
                }
            }
        }
        return distances;
    }

    private static AssertionError broken(String rule, String what) {
        return new AssertionError(rule + ": " + what);
    }
}
