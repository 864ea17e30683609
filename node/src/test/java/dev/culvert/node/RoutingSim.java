package dev.culvert.node;

import dev.culvert.policy.NamePatterns;
import dev.culvert.policy.PortRange;
import dev.culvert.policy.Scope;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Relays with nothing but their {@link RouteBook}s, the wires between them, and agents that register: whatever the seed wants happens, one step at
 * a time. Owned by the test's thread.
 */
final class RoutingSim {
    private static final String NAMESPACE = "default";
    private static final Scope SCOPE = new Scope(NAMESPACE, NamePatterns.ALL, NamePatterns.ALL, PortRange.NONE, true);

    final Random random;
    final List<Relay> relays = new ArrayList<>();
    final List<Cable> cables = new ArrayList<>();
    private final List<Agent> agents = new ArrayList<>();
    private final UnaryOperator<Neighbour.Message> bug;
    private long wireIds;
    private long stamps;

    /** @param bug what becomes of a message on its way; null: it is lost */
    RoutingSim(long seed, int relayCount, int agentCount, UnaryOperator<Neighbour.Message> bug) {
        this.random = new Random(seed);
        this.bug = bug;
        for (int i = 0; i < relayCount; i++) {
            relays.add(new Relay("r" + i));
        }
        for (int i = 1; i < relayCount; i++) {
            // near the last ones, so that the network is long as well as wide
            cables.add(new Cable(relays.get(i), relays.get(Math.max(0, i - 1 - random.nextInt(4)))));
        }
        for (int i = 0; i < relayCount; i++) {
            Relay one = relays.get(random.nextInt(relayCount));
            Relay other = relays.get(random.nextInt(relayCount));
            if (one != other) {
                cables.add(new Cable(one, other));
            }
        }
        for (int i = 0; i < agentCount; i++) {
            agents.add(new Agent(i));
        }
    }

    /** Where a neighbour is reached. */
    record Towards(Relay relay) implements Exit {}

    /** A relay through its lives. */
    final class Relay {
        final String name;
        private long lives;
        RouteBook book;
        final Map<NameKey, Advert.Holder> registered = new LinkedHashMap<>();
        final Map<Long, Wire> out = new TreeMap<>();
        /** Of each service the last registration that it knows to be over. */
        final Map<Advert.Id, Long> over = new HashMap<>();

        Relay(String name) {
            this.name = name;
            this.book = fresh();
        }

        private RouteBook fresh() {
            lives++;
            return new RouteBook(name, lives, RouteLimits.DEFAULT);
        }

        void restart() {
            cables.forEach(cable -> {
                if (cable.joins(this)) {
                    cable.cut();
                }
            });
            book = fresh();
            registered.clear();
            over.clear();
        }

        boolean register(NameKey key, String principal, boolean shared) {
            boolean free = registered.entrySet().stream()
                    .noneMatch(entry -> isRival(entry.getKey(), entry.getValue(), key, principal, shared));
            if (!free || book.names().rival(key, principal, shared) != null) {
                return false;
            }
            Advert.Holder holder = new Advert.Holder(principal, shared, ++stamps);
            registered.put(key, holder);
            book.own(key, holder, false);
            settle();
            return true;
        }

        void unregister(NameKey key) {
            if (registered.remove(key) != null) {
                book.own(key, null, false);
                settle();
            }
        }

        void settle() {
            book.losers().forEach(this::unregister);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** Whether both cannot be registered at the same time. */
    static boolean isRival(NameKey one, Advert.Holder holder, NameKey other, String principal, boolean shared) {
        if (one.node().equals(other.node())) {
            return !holder.principal().equals(principal) || one.equals(other);
        }
        return one.service().equals(other.service()) && !(holder.shared() && shared);
    }

    /** A link between two relays: up or cut. */
    final class Cable {
        final Relay one;
        final Relay other;
        private @Nullable Wire there;
        private @Nullable Wire back;

        Cable(Relay one, Relay other) {
            this.one = one;
            this.other = other;
        }

        boolean isUp() {
            return there != null;
        }

        boolean joins(Relay relay) {
            return one == relay || other == relay;
        }

        void mend() {
            if (!isUp()) {
                long id = ++wireIds;
                there = new Wire(id, one, other);
                back = new Wire(id, other, one);
                one.out.put(id, there);
                other.out.put(id, back);
                one.book.up(new Neighbour(id, other.name, SCOPE, new Towards(other)));
                other.book.up(new Neighbour(id, one.name, SCOPE, new Towards(one)));
            }
        }

        void cut() {
            if (there != null) {
                long id = there.id;
                there = null;
                back = null;
                for (Relay end : List.of(one, other)) {
                    end.out.remove(id);
                    end.book.down(0, id);
                    end.settle();
                }
            }
        }
    }

    /** One direction of a link: what has been said and not been heard. */
    final class Wire {
        final long id;
        final Relay from;
        final Relay to;
        private final Deque<Neighbour.Message> said = new ArrayDeque<>();

        Wire(long id, Relay from, Relay to) {
            this.id = id;
            this.from = from;
            this.to = to;
        }

        /** The sender says one thing more, if it has one. */
        boolean say() {
            Neighbour.Message message = from.book.next(id);
            if (message == null) {
                return false;
            }
            Neighbour.Message changed = bug.apply(message);
            if (changed != null) {
                said.add(changed);
            }
            return true;
        }

        boolean isEmpty() {
            return said.isEmpty();
        }

        int length() {
            return said.size();
        }

        void hear() {
            Neighbour.Message message = said.poll();
            if (message instanceof Neighbour.Offered offered) {
                to.book.offered(0, id, offered.advert());
            } else if (message instanceof Neighbour.Gone gone) {
                if (gone.withdrawn()) {
                    to.book.ways(gone.id()).stream()
                            .filter(way -> way.version().compareTo(gone.version()) <= 0)
                            .forEach(
                                    way -> to.over.merge(gone.id(), way.holder().sinceMillis(), Math::max));
                }
                to.book.gone(0, id, gone.id(), gone.version(), gone.withdrawn());
            }
            to.settle();
        }
    }

    /** Registers here and there; several want the same names. */
    private final class Agent {
        private final String node;
        private final String principal;
        private final NameKey key;
        private final boolean shared;
        private @Nullable Relay at;

        Agent(int number) {
            this.node = "edge" + number / 2; // two at a time have one node name
            this.principal = "key:" + (number % 8 == 1 ? number : number / 2 * 2); // and mostly one owner
            this.shared = number % 3 != 0;
            String service = number % 5 == 0 ? "web" + number / 20 : "own" + number;
            this.key = new NameKey(NAMESPACE, node, service, 0);
        }

        void act() {
            Relay before = at;
            if (before != null && random.nextInt(3) > 0) {
                before.unregister(key);
                at = null;
            } else if (before == null || !before.registered.containsKey(key)) {
                Relay next = relays.get(random.nextInt(relays.size()));
                at = next.register(key, principal, shared) ? next : null;
            }
        }
    }

    /** Everything is up, and everybody registers. */
    void begin() {
        cables.forEach(Cable::mend);
        agents.forEach(Agent::act);
    }

    /** One thing happens; the relay that it happened to, or null. */
    @Nullable
    Relay step() {
        int what = random.nextInt(1_000);
        if (what < 3) {
            Relay relay = any(relays);
            relay.restart();
            return relay;
        }
        if (what < 10) {
            any(cables).cut();
        } else if (what < 60) {
            any(cables).mend();
        } else if (what < 61) {
            partition();
        } else if (what < 140) {
            any(agents).act();
        } else {
            return talk();
        }
        return null;
    }

    private @Nullable Relay talk() {
        Relay relay = any(relays);
        if (relay.out.isEmpty()) {
            return null;
        }
        Wire wire = any(List.copyOf(relay.out.values()));
        for (int i = random.nextInt(20); i > 0; i--) {
            wire.say();
        }
        for (int i = random.nextInt(20); i > 0 && !wire.isEmpty(); i--) {
            wire.hear();
        }
        return wire.to;
    }

    private void partition() {
        int border = random.nextInt(relays.size());
        for (Cable cable : cables) {
            if (relays.indexOf(cable.one) < border != relays.indexOf(cable.other) < border) {
                cable.cut();
            }
        }
    }

    /** Everybody says all that it has to say, then everybody hears it. False: there was nothing. */
    boolean round() {
        boolean any = false;
        List<Wire> wires = new ArrayList<>();
        relays.forEach(relay -> wires.addAll(relay.out.values()));
        for (Wire wire : wires) {
            while (wire.say()) {
                any = true;
            }
        }
        for (Wire wire : wires) {
            for (int i = wire.length(); i > 0; i--) {
                any = true;
                wire.hear();
            }
        }
        return any;
    }

    <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
