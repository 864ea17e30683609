package dev.culvert.node;

import dev.culvert.policy.NamePatterns;
import dev.culvert.policy.PortRange;
import dev.culvert.policy.Principal;
import dev.culvert.policy.Scope;
import java.util.UUID;

/** Members and offers for tests of the registry. */
final class Actors {
    static final Scope ALL =
            new Scope("default", NamePatterns.ALL, NamePatterns.ALL, new PortRange(20_000, 20_010), false);

    private static long ids;

    private Actors() {}

    record Door(String name) implements Exit {}

    static synchronized Member member(String owner, String node, int instance, long attempt) {
        return member(ALL, owner, node, instance, attempt);
    }

    static synchronized Member member(Scope scope, String owner, String node, int instance, long attempt) {
        ids++;
        return new Member(
                ids,
                new Principal("key:" + owner),
                scope,
                node,
                new UUID(0, instance),
                attempt,
                new Door(owner + "/" + node + "/" + instance + "/" + attempt));
    }

    static Offer offer(int id, String service) {
        return new Offer(id, service, 0, false, -1);
    }

    static Offer shared(int id, String service) {
        return new Offer(id, service, 0, true, -1);
    }
}
