package dev.culvert.node;

import dev.culvert.policy.Scope;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Another relay with which routes are exchanged, and what it has told and was told. Owned by its {@link RouteBook}.
 *
 * <p>What is to be told is a note for each service and no more: what is said is how things stand when its turn comes. [ROUTE-14]
 */
final class Neighbour {
    private final long id;
    private final String node;
    private final Scope scope;
    private final Exit exit;

    /** What it tells us now. */
    final Set<Advert.Id> heard = new HashSet<>();

    final Map<Advert.Id, Advert> told = new LinkedHashMap<>();
    final Set<Advert.Id> due = new LinkedHashSet<>();
    boolean synced;

    /** @param scope what it may register it may advertise; what it may dial it is told of */
    Neighbour(long id, String node, Scope scope, Exit exit) {
        this.id = id;
        this.node = node;
        this.scope = scope;
        this.exit = exit;
    }

    /** A message to it. */
    sealed interface Message permits Offered, Gone, Synced {}

    record Offered(Advert advert) implements Message {}

    /** {@code withdrawn}: it is over at the origin, as of the version. */
    record Gone(Advert.Id id, Advert.Version version, boolean withdrawn) implements Message {}

    /** All that was known at the beginning has been told. */
    record Synced() implements Message {}

    long id() {
        return id;
    }

    String node() {
        return node;
    }

    Exit exit() {
        return exit;
    }

    /** Whether it may say that there is a way to this name. */
    boolean mayAdvertise(NameKey key) {
        return key.namespace().equals(scope.namespace())
                && (key.service().isEmpty() ? scope.mayRegisterPort(key.port()) : scope.mayRegister(key.service()));
    }

    /** Whether it may know of this name. */
    boolean mayKnow(NameKey key) {
        return Watcher.isVisible(scope, key);
    }

    /** The next note that is due, taken; null: none. */
    Advert.@Nullable Id takeDue() {
        if (due.isEmpty()) {
            return null;
        }
        Advert.Id next = due.iterator().next();
        due.remove(next);
        return next;
    }
}
