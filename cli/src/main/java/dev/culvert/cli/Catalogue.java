package dev.culvert.cli;

import dev.culvert.node.OfferedService;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The services that may be dialled, as all relays together tell it. Owned by one thread. Pure. */
final class Catalogue {
    private final Map<String, Entry> entries = new TreeMap<>();

    /** One service at one node, and whether each relay that tells it has lost the node. */
    private record Entry(OfferedService service, Map<String, Boolean> lostAt) {}

    /**
     * A service at one node.
     *
     * @param state {@code up} through one relay at least, or {@code lost}: the name is kept for its owner
     * @param relays through which it is reached
     */
    record Row(String node, String service, String address, String state, List<String> relays) {}

    /** True: there is something new to say of it. */
    boolean offered(OfferedService service) {
        Entry entry = entries.get(service.address());
        String before = entry == null ? "" : state(entry);
        Entry now = entries.computeIfAbsent(service.address(), address -> new Entry(service, new TreeMap<>()));
        now.lostAt().put(service.relay(), service.lost());
        return !state(now).equals(before);
    }

    /** True: no relay tells it any more. */
    boolean gone(OfferedService service) {
        Entry entry = entries.get(service.address());
        if (entry == null) {
            return false;
        }
        entry.lostAt().remove(service.relay());
        return entry.lostAt().isEmpty() && entries.remove(service.address(), entry);
    }

    Row row(OfferedService service) {
        Entry entry = entries.get(service.address());
        return entry == null ? row(new Entry(service, Map.of(service.relay(), true))) : row(entry);
    }

    /** By address. */
    List<Row> rows() {
        return entries.values().stream().map(Catalogue::row).toList();
    }

    private static Row row(Entry entry) {
        OfferedService service = entry.service();
        List<String> relays = List.copyOf(new TreeSet<>(entry.lostAt().keySet()));
        return new Row(service.node(), service.service(), service.address(), state(entry), relays);
    }

    private static String state(Entry entry) {
        return entry.lostAt().containsValue(false) ? "up" : "lost";
    }

    /**
     * A node, and how it is reached.
     *
     * @param state {@code up} if any service of it is
     */
    record Route(String node, Set<String> relays, String state, List<String> services) {}

    /** By node. */
    Collection<Route> routes() {
        Map<String, Route> routes = new TreeMap<>();
        for (Row row : rows()) {
            Route before = routes.getOrDefault(
                    row.node(), new Route(row.node(), new LinkedHashSet<>(), "lost", new ArrayList<>()));
            before.relays().addAll(row.relays());
            before.services().add(row.service());
            String state = row.state().equals("up") ? "up" : before.state();
            routes.put(row.node(), new Route(row.node(), before.relays(), state, before.services()));
        }
        return routes.values();
    }
}
