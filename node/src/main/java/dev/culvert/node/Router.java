package dev.culvert.node;

import dev.culvert.api.ErrorCode;
import dev.culvert.api.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Where a call may go from here: routes of this node's own registry first, then the relays that it is linked to. Any thread.
 * [ROUTE-3]
 */
final class Router {
    private final String node;
    private final RouteTable table;
    private final Supplier<List<Peer>> upstream;
    private final RandomGenerator random;
    private final AtomicInteger turn = new AtomicInteger();

    Router(String node, RouteTable table, Supplier<List<Peer>> upstream, RandomGenerator random) {
        this.node = node;
        this.table = table;
        this.upstream = upstream;
        this.random = random;
    }

    /** This node itself. */
    enum Here implements Exit {
        HERE
    }

    RouteTable table() {
        return table;
    }

    /**
     * @param exits in the order in which to try them
     * @param nothing says why there is none; few ask
     */
    record Found(List<Exit> exits, Supplier<Refused> nothing) {}

    /** Whether this node's own registry, or another relay's routes, have the name; or it is about this node. */
    boolean knows(Call call) {
        String wanted = call.key().node();
        return wanted.equals(node)
                || wanted.isEmpty() && call.isReserved()
                || table.standing(call.key()) != RouteTable.Standing.UNKNOWN;
    }

    /** @param from where the call came from, null: from this node */
    Found find(Call call, @Nullable Peer from) {
        if (call.isReserved()
                && (call.key().node().isEmpty() || call.key().node().equals(node))) {
            return new Found(List.of(Here.HERE), () -> nothing(call, true));
        }
        List<Route> routes = table.find(call.key());
        List<FarRoute> far = table.far(call.key());
        List<Exit> exits = exits(call, from, ways(call, from, routes, far));
        if (!exits.contains(Here.HERE)) {
            addUpstream(call, from, exits);
        }
        boolean known =
                routes != null || far != null || from == null && !upstream.get().isEmpty();
        return new Found(exits, () -> nothing(call, known));
    }

    private List<Replicas.Way> ways(
            Call call, @Nullable Peer from, @Nullable List<Route> routes, @Nullable List<FarRoute> far) {
        List<Replicas.Way> ways = new ArrayList<>(routes == null ? 2 : routes.size());
        for (Route route : routes == null ? List.<Route>of() : routes) {
            Exit exit = route.member().exit();
            if (exit == Here.HERE) {
                ways.add(new Replicas.Way(exit, node, 0, 0, 0));
            } else if (exit instanceof Peer peer && peer.isUp()) {
                ways.add(way(peer, route.member().node(), 1));
            }
        }
        for (FarRoute route : far == null ? List.<FarRoute>of() : far) {
            if (route.exit() instanceof Peer peer && peer.isUp() && !peer.equals(from) && isFree(call, route)) {
                ways.add(way(peer, route.node(), route.path().size() + 1));
            }
        }
        return ways;
    }

    /** A stream does not go where it has been. [ROUTE-17] */
    private static boolean isFree(Call call, FarRoute route) {
        for (String passed : call.open().getPathList()) {
            if (route.path().contains(passed)) {
                return false;
            }
        }
        return true;
    }

    private static Replicas.Way way(Peer peer, String node, int hops) {
        return new Replicas.Way(peer, node, hops, peer.mux().openStreams(), peer.roundTripNanos());
    }

    private List<Exit> exits(Call call, @Nullable Peer from, List<Replicas.Way> ways) {
        List<Exit> exits = new ArrayList<>(ways.size() + 1);
        for (Replicas.Way way : order(call, ways)) {
            // A call of another that has been tried elsewhere does not come back to this node: it would be taken for
            // this node's own.
            boolean lateHere = way.exit() == Here.HERE && !exits.isEmpty() && from != null;
            if (!lateHere && !exits.contains(way.exit())) {
                exits.add(way.exit());
            }
        }
        return exits;
    }

    private List<Replicas.Way> order(Call call, List<Replicas.Way> ways) {
        if (ways.size() < 2) {
            return ways;
        }
        Selection selection = Selection.of(call.open().getHeadersMap());
        int own = selection.rule() == Selection.Rule.ROUND_ROBIN ? table.turn(call.key()) : 0;
        return Replicas.order(ways, selection, random, own);
    }

    private void addUpstream(Call call, @Nullable Peer from, List<Exit> exits) {
        List<Peer> relays = upstream.get();
        String namespace = call.open().getNamespace();
        boolean chosen = from == null
                && !namespace.isEmpty()
                && relays.stream().anyMatch(relay -> relay.isUp() && isIn(relay, namespace));
        int start = relays.size() < 2 ? 0 : Math.floorMod(turn.getAndIncrement(), relays.size());
        for (int i = 0; i < relays.size(); i++) {
            Peer relay = relays.get((start + i) % relays.size());
            boolean passed = relay.equals(from) || call.open().getPathList().contains(relay.node());
            boolean foreign =
                    from != null && !relay.scope().namespace().equals(call.key().namespace());
            if (relay.isUp()
                    && (!chosen || isIn(relay, namespace))
                    && !relay.isRouter()
                    && !passed
                    && !foreign
                    && !exits.contains(relay)
                    && (from == null || from.trust() != Peer.Trust.RELAY || !from.isUpstream())) {
                exits.add(relay);
            }
        }
    }

    /** A node may be in several namespaces, by a link for each: a dial that names one goes by its link. */
    private static boolean isIn(Peer relay, String namespace) {
        return relay.scope().namespace().equals(namespace);
    }

    private Refused nothing(Call call, boolean known) {
        return known
                ? Refused.here(node, ErrorCode.NO_ROUTE, "'" + call.key() + "' is known, and nothing reaches it now")
                : Refused.here(
                        node,
                        ErrorCode.UNKNOWN_SERVICE,
                        "nobody offers '" + call.key() + "' in namespace '"
                                + call.key().namespace() + "'");
    }
}
