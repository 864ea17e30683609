package dev.culvert.node;

import dev.culvert.api.DialException;
import dev.culvert.api.ErrorCode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What must hold in a simulated system, whatever happens to it. Each rule begins its message with its name, and {@link SimInvariantsTest}
 * shows for each that it notices when it is broken. Owned by the simulation's thread.
 */
final class SimInvariants {
    /** Within this a dead path is noticed at both ends. [MUX-18] */
    static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(25);

    /** How a dial may end. INTERNAL, PROTOCOL, LOOP and others would be somebody's mistake. */
    static final Set<ErrorCode> REFUSALS = EnumSet.of(
            ErrorCode.UNKNOWN_SERVICE,
            ErrorCode.NO_ROUTE,
            ErrorCode.DEADLINE,
            ErrorCode.BUSY,
            ErrorCode.DRAINING,
            ErrorCode.LINK_LOST,
            ErrorCode.TARGET_REFUSED);

    private final SimSystem system;
    private final Map<String, Long> keptSince = new HashMap<>();

    SimInvariants(SimSystem system) {
        this.system = system;
    }

    /** After every step. */
    void check() {
        for (SimNode node : system.started()) {
            if (node.isRunning()) {
                owners(node);
            }
        }
        for (SimCable cable : system.wired()) {
            if (cable.isDeafSince(system.net.nowNanos() - SILENCE_NANOS)) {
                sessions(cable, cable.dialler);
                sessions(cable, cable.acceptor);
            }
        }
        for (SimCall call : system.open()) {
            if (call.state() == SimCall.State.DIALLING && system.net.nowNanos() > call.deadlineNanos()) {
                throw broken("dial without end", call);
            }
        }
    }

    /** No name is owned twice [CTRL-10], and none is kept for longer than a lease. */
    private void owners(SimNode node) {
        RouteTable table = node.parts().board().router().table();
        table.forEach((key, routes) -> {
            for (int i = 1; i < routes.size(); i++) {
                for (int j = 0; j < i; j++) {
                    requireReplicas(node, key, routes.get(i), routes.get(j));
                }
            }
            kept(node, key, routes.isEmpty());
        });
    }

    private static void requireReplicas(SimNode node, NameKey key, Route one, Route other) {
        boolean shared = one.offer().shared() && other.offer().shared();
        if (one.member().equals(other.member()) || !shared) {
            throw broken("owned twice", "'" + key + "' at " + node + " by " + one.member() + " and " + other.member());
        }
    }

    private void kept(SimNode node, NameKey key, boolean empty) {
        String place = node + "/" + key.namespace() + "/" + key;
        if (!empty) {
            keptSince.remove(place);
            return;
        }
        long since = keptSince.computeIfAbsent(place, p -> system.net.nowNanos());
        if (system.net.nowNanos() - since
                > TimeUnit.MILLISECONDS.toNanos(system.limits.times().leaseMillis())) {
            throw broken("kept for longer than a lease", "'" + key + "' at " + node);
        }
    }

    /** No session, and so no route, outlives its path by more than the time in which silence is noticed. */
    private void sessions(SimCable cable, SimNode node) {
        for (Peer peer : node.parts().peers().all()) {
            long deaf = cable.carries(peer) ? cable.deafNanos(peer) : SimCable.HEARS;
            if (deaf != SimCable.HEARS && system.net.nowNanos() - deaf > SILENCE_NANOS) {
                throw broken("dead session", peer + " at " + node + " is deaf since " + deaf + " ns");
            }
        }
    }

    /** A node that is back has its names with its Welcome. [CTRL-11] */
    void onPeerUp(SimNode relay, String name) {
        Peer peer = newest(relay, name);
        SimNode node = peer == null ? null : dialler(peer);
        if (peer == null || node == null) {
            return;
        }
        for (String service : node.host.services()) {
            if (!leadsTo(relay, new NameKey("default", name, service, 0), peer)) {
                system.fail("not its own name: %s is up at %s without '%s.%s'", node, relay, name, service);
            }
        }
    }

    private static @Nullable Peer newest(SimNode relay, String name) {
        return relay.parts().peers().all().stream()
                .filter(peer -> peer.node().equals(name) && peer.isUp())
                .max(Comparator.comparingLong(Peer::id))
                .orElse(null);
    }

    private @Nullable SimNode dialler(Peer peer) {
        return system.cables().stream()
                .filter(cable -> cable.carries(peer))
                .map(cable -> cable.dialler)
                .findFirst()
                .orElse(null);
    }

    private static boolean leadsTo(SimNode relay, NameKey key, Peer peer) {
        List<Route> routes = relay.parts().board().router().table().find(key);
        return routes != null
                && routes.stream().anyMatch(route -> route.member().exit() == peer);
    }

    void onRefused(SimCall call, DialException refused) {
        if (!REFUSALS.contains(refused.code())) {
            system.fail("undocumented end: %s with %s", call, refused);
        }
        if (refused.notDelivered() && call.delivered()) {
            system.fail("delivered after all: %s was refused with not_delivered, %s", call, refused);
        }
    }

    void onReset(SimCall call, ErrorCode code) {
        if (code != ErrorCode.LINK_LOST) {
            system.fail("undocumented end: %s was reset with %s", call, code);
        }
    }

    /** All is well again for a while: every node is where it should be, and every stream has ended. */
    void atRest() {
        for (SimCall call : system.open()) {
            throw broken("stream without end", call + " is " + call.state());
        }
        for (SimNode node : system.running()) {
            for (SimHost host : node.host.relays()) {
                SimNode relay = system.running(host);
                if (relay != null) {
                    registered(node, relay);
                }
            }
        }
    }

    private void registered(SimNode node, SimNode relay) {
        Peer peer = newest(relay, node.host.name());
        if (peer == null || dialler(peer) != node) {
            throw broken("not back", node + " at " + relay);
        }
        for (String service : node.host.services()) {
            if (!leadsTo(relay, new NameKey("default", node.host.name(), service, 0), peer)) {
                throw broken("not its own name", service + " of " + node + " at " + relay);
            }
        }
    }

    /** Only relays are left, and leases are over. */
    void atEnd() {
        for (SimNode node : system.running()) {
            List<String> left = new ArrayList<>();
            NodeParts parts = node.parts();
            parts.board().router().table().forEach((key, routes) -> {
                if (routes.isEmpty() || routes.get(0).member().exit() != Router.Here.HERE) {
                    left.add("name " + key);
                }
            });
            parts.peers().all().forEach(peer -> peerLeft(peer, left));
            long linked = parts.peers().all().stream()
                    .filter(peer -> !peer.isUpstream())
                    .count();
            count("members", parts.registrar().members() - 1 - linked, left);
            count("admissions", parts.registrar().waiting(), left);
            count("streams", parts.board().traffic().openNow(), left);
            if (!left.isEmpty()) {
                throw broken("left behind", node + ": " + left);
            }
        }
    }

    private void peerLeft(Peer peer, List<String> left) {
        boolean relay = peer.node().startsWith("relay");
        if (!relay) {
            left.add("session " + peer);
        }
        count("heads of " + peer, peer.heads().isEmpty() ? 0 : 1, left);
        count("refused of " + peer, peer.refused().isEmpty() ? 0 : 1, left);
        count("pending opens of " + peer, peer.pendingOpens(), left);
        // relays keep one on which they tell each other their routes
        count("mux streams of " + peer, peer.mux().openStreams() - (relay ? 1 : 0), left);
    }

    /** All processes have ended. */
    void afterEnd() {
        for (SimNode node : system.started()) {
            List<String> left = new ArrayList<>();
            NodeParts parts = node.parts();
            count("sessions", parts.peers().all().size(), left);
            count("relays", parts.upstream().peers().size(), left);
            count("bytes of memory", parts.context().budget().heldBytes(), left);
            count("streams", parts.board().traffic().openNow(), left);
            if (!left.isEmpty()) {
                throw broken("left behind", node + " after its end: " + left);
            }
        }
    }

    private static void count(String what, long count, List<String> left) {
        if (count != 0) {
            left.add(count + " " + what);
        }
    }

    private static AssertionError broken(String rule, Object what) {
        return new AssertionError(rule + ": " + what);
    }
}
