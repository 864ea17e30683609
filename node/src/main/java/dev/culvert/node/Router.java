package dev.culvert.node;

import dev.culvert.api.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where a call may go from here: routes of this node's own registry first, then the relays that it is linked to. Any thread.
 * [ROUTE-3]
 */
final class Router {
    private final String node;
    private final RouteTable table;
    private final Supplier<List<Peer>> upstream;
    private final AtomicInteger turn = new AtomicInteger();

    Router(String node, RouteTable table, Supplier<List<Peer>> upstream) {
        this.node = node;
        this.table = table;
        this.upstream = upstream;
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
        List<Exit> exits = new ArrayList<>(2);
        List<Route> routes = table.find(call.key());
        addRoutes(routes == null ? List.of() : routes, exits);
        if (!exits.contains(Here.HERE)) {
            addUpstream(call, from, exits);
        }
        boolean known = routes != null || from == null && !upstream.get().isEmpty();
        return new Found(exits, () -> nothing(call, known));
    }

    private void addRoutes(List<Route> routes, List<Exit> exits) {
        int start = routes.size() < 2 ? 0 : Math.floorMod(turn.getAndIncrement(), routes.size());
        for (int i = 0; i < routes.size(); i++) {
            Exit exit = routes.get((start + i) % routes.size()).member().exit();
            if (exit == Here.HERE) {
                exits.add(0, exit);
            } else if (exit instanceof Peer peer && peer.isUp()) {
                exits.add(peer);
            }
        }
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
