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

    /** @param from where the call came from, null: from this node */
    Found find(Call call, @Nullable Peer from) {
        if (call.isReserved()
                && (call.key().node().isEmpty() || call.key().node().equals(node))) {
            return new Found(List.of(Here.HERE), () -> nothing(call, true));
        }
        List<Route> routes = table.find(call.key());
        List<Exit> exits = routes == null ? new ArrayList<>(2) : exits(call, from, routes);
        if (!exits.contains(Here.HERE)) {
            addUpstream(call, from, exits);
        }
        boolean known = routes != null || from == null && !upstream.get().isEmpty();
        return new Found(exits, () -> nothing(call, known));
    }

    private List<Exit> exits(Call call, @Nullable Peer from, List<Route> routes) {
        List<Replicas.Way> ways = new ArrayList<>(routes.size());
        for (Route route : routes) {
            Exit exit = route.member().exit();
            if (exit == Here.HERE) {
                ways.add(new Replicas.Way(exit, node, 0, 0, 0));
            } else if (exit instanceof Peer peer && peer.isUp()) {
                ways.add(new Replicas.Way(peer, peer.node(), 1, peer.mux().openStreams(), peer.roundTripNanos()));
            }
        }
        List<Exit> exits = new ArrayList<>(ways.size() + 1);
        for (Replicas.Way way : order(call, ways)) {
            // A call of another that has been tried elsewhere does not come back to this node: it would be taken for
            // this node's own.
            if (way.exit() != Here.HERE || exits.isEmpty() || from == null) {
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
        int start = relays.size() < 2 ? 0 : Math.floorMod(turn.getAndIncrement(), relays.size());
        for (int i = 0; i < relays.size(); i++) {
            Peer relay = relays.get((start + i) % relays.size());
            boolean passed = relay.equals(from) || call.open().getPathList().contains(relay.node());
            if (relay.isUp() && !passed && (from == null || from.trust() != Peer.Trust.RELAY || !from.isUpstream())) {
                exits.add(relay);
            }
        }
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
