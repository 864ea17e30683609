package dev.culvert.examples.astranet;

import dev.culvert.api.Address;
import dev.culvert.api.Change;
import dev.culvert.api.Changes;
import dev.culvert.api.LiveMap;
import dev.culvert.api.Node;
import dev.culvert.api.NodeRoute;
import dev.culvert.api.ServiceRoute;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Which services may be dialled, and which nodes are reached and how, as they come and go. */
public final class LiveMaps {
    private LiveMaps() {}

    /** Blocks until the node or the map is closed, and tells each change in a line. */
    static void follow(LiveMap<Address, ServiceRoute> services, Consumer<String> lines) {
        try (Changes<Address, ServiceRoute> changes = services.changes()) {
            while (changes.hasNext()) {
                Change<Address, ServiceRoute> change = changes.next();
                ServiceRoute now = change.now();
                lines.accept(change.key() + (now == null ? " is gone" : now.isAway() ? " is away" : " is there"));
            }
        }
    }

    /** A moment, for a person: {@code edge7 through relay1}. */
    static Map<String, String> table(Node node) {
        try (LiveMap<String, NodeRoute> routes = node.routes()) {
            Map<String, String> table = new TreeMap<>();
            routes.map()
                    .forEach((name, route) -> table.put(
                            name, route.isAway() ? "away" : route.ways().get(0).toString()));
            return table;
        }
    }
}
