package dev.culvert.node;

import java.util.ArrayList;
import java.util.List;

/**
 * A service at the relay where it is registered, as one relay tells another. <em>Immutable.</em> [ROUTE-12]
 *
 * @param key under its node
 * @param origin node name of the relay where it is registered
 * @param lost the name is kept for its owner, whose link is lost
 * @param path node names of the relays on the way, who tells it first, the origin last
 */
record Advert(NameKey key, String origin, Version version, Holder holder, boolean lost, List<String> path) {
    Advert {
        path = List.copyOf(path);
    }

    /** Which of two things that an origin says is the newer. {@code boot} rises with each start, {@code sequence} with each change. */
    record Version(long boot, long sequence) implements Comparable<Version> {
        @Override
        public int compareTo(Version other) {
            int order = Long.compareUnsigned(boot, other.boot);
            return order != 0 ? order : Long.compareUnsigned(sequence, other.sequence);
        }
    }

    /** Who holds a name there, and how gateways are to speak to it. {@code sinceMillis} by the origin's clock. */
    record Holder(String principal, boolean shared, long sinceMillis, HttpTerms httpTerms) {
        Holder(String principal, boolean shared, long sinceMillis) {
            this(principal, shared, sinceMillis, HttpTerms.DEFAULT);
        }
    }

    /** What is told of it, without the way: a service at a relay. */
    record Id(NameKey key, String origin) {}

    Id id() {
        return new Id(key, origin);
    }

    /** As {@code relay} tells it on. */
    Advert through(String relay) {
        List<String> longer = new ArrayList<>(path.size() + 1);
        longer.add(relay);
        longer.addAll(path);
        return new Advert(key, origin, version, holder, lost, longer);
    }
}
