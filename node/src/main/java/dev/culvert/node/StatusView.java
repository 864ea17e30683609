package dev.culvert.node;

import dev.culvert.policy.Scope;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Gathers what a node does now. Any thread; nothing blocks. */
final class StatusView {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Member self;
    private final RouteTable table;
    private final Services services;
    private final Traffic traffic;
    private final LinkSide links;
    private final Registrar registrar;
    private final Peers peers;
    private final Entries entries;
    private Supplier<List<String>> listening = List::of;

    /** The other parts of the node that it asks. */
    record Sources(LinkSide links, Registrar registrar, Peers peers, Entries entries) {}

    StatusView(Member self, RouteTable table, Switchboard board, Sources sources) {
        this.self = self;
        this.table = table;
        this.services = board.services();
        this.traffic = board.traffic();
        this.links = sources.links();
        this.registrar = sources.registrar();
        this.peers = sources.peers();
        this.entries = sources.entries();
    }

    /** Where the node listens; before the first look. */
    void listening(Supplier<List<String>> newListening) {
        listening = newListening;
    }

    static String json(NodeStatus status) {
        return JSON.writeValueAsString(status);
    }

    /** Everything. */
    CompletionStage<NodeStatus> look() {
        List<CompletableFuture<Seen>> looks = new ArrayList<>();
        for (Peer peer : peers.all()) {
            CompletableFuture<Seen> seen = new CompletableFuture<>();
            looks.add(seen);
            Hop.to(
                    peer.loop(),
                    () -> seen.complete(
                            new Seen(peer, peer.mux().openStreams(), peer.mux().roundTripNanos() / 1_000)));
        }
        CompletableFuture<List<NodeStatus.ServiceStatus>> offered = new CompletableFuture<>();
        Hop.to(registrar.loop(), () -> offered.complete(services(null)));
        return CompletableFuture.allOf(looks.toArray(CompletableFuture[]::new))
                .thenCombine(
                        offered,
                        (none, known) -> status(
                                looks.stream().map(CompletableFuture::join).toList(), known));
    }

    /** What one who links to this node may see: the services that it may dial. */
    CompletionStage<NodeStatus> look(Scope scope) {
        CompletableFuture<NodeStatus> seen = new CompletableFuture<>();
        Hop.to(
                registrar.loop(),
                () -> seen.complete(new NodeStatus(
                        self.node(),
                        scope.namespace(),
                        role(),
                        List.of(),
                        List.of(),
                        List.of(),
                        services(scope),
                        new NodeStatus.Traffic(0, 0, 0, 0, 0))));
        return seen;
    }

    private record Seen(Peer peer, int streams, long roundTripMicros) {}

    private NodeStatus status(List<Seen> seen, List<NodeStatus.ServiceStatus> offered) {
        Map<Exit, List<String>> offers = offers();
        return new NodeStatus(
                self.node(),
                self.namespace(),
                role(),
                listening.get(),
                links.states().stream().map(link -> withRoundTrip(link, seen)).toList(),
                seen.stream()
                        .filter(one -> !one.peer().isUpstream())
                        .map(one -> session(one, offers.getOrDefault(one.peer(), List.of())))
                        .toList(),
                Stream.concat(offered.stream(), entries.states(self.namespace()).stream())
                        .toList(),
                traffic.snapshot());
    }

    private String role() {
        return listening.get().isEmpty() ? "agent" : "relay";
    }

    private static NodeStatus.LinkStatus withRoundTrip(NodeStatus.LinkStatus link, List<Seen> seen) {
        for (Seen one : seen) {
            if (one.peer().isUpstream()
                    && link.state().equals("up")
                    && one.peer().node().equals(link.node())) {
                return new NodeStatus.LinkStatus(
                        link.relay(), link.state(), link.node(), link.reason(), one.roundTripMicros());
            }
        }
        return link;
    }

    /** The names that each session offers. */
    private Map<Exit, List<String>> offers() {
        IdentityHashMap<Exit, List<String>> offers = new IdentityHashMap<>();
        for (Map.Entry<NameKey, List<Route>> entry : table.named()) {
            for (Route route : entry.getValue()) {
                offers.computeIfAbsent(route.member().exit(), exit -> new ArrayList<>())
                        .add(entry.getKey().label());
            }
        }
        offers.values().forEach(names -> names.sort(Comparator.naturalOrder()));
        return offers;
    }

    private static NodeStatus.SessionStatus session(Seen seen, List<String> offers) {
        Peer peer = seen.peer();
        return new NodeStatus.SessionStatus(
                peer.node(),
                peer.scope().namespace(),
                offers,
                peer.principal().id(),
                peer.session().remoteAddress(),
                seen.streams(),
                seen.roundTripMicros());
    }

    private List<NodeStatus.ServiceStatus> services(@Nullable Scope visible) {
        List<NodeStatus.ServiceStatus> found = new ArrayList<>();
        for (Map.Entry<NameKey, List<Route>> entry : table.named()) {
            NameKey key = entry.getKey();
            if (visible == null || Watcher.isVisible(visible, key)) {
                found.add(service(key, entry.getValue()));
            }
        }
        found.sort(Comparator.comparing(NodeStatus.ServiceStatus::namespace)
                .thenComparing(NodeStatus.ServiceStatus::node)
                .thenComparing(NodeStatus.ServiceStatus::service));
        return found;
    }

    private NodeStatus.ServiceStatus service(NameKey key, List<Route> routes) {
        String state = routes.isEmpty() ? "lost" : routes.get(0).member().equals(self) ? "here" : "up";
        LocalService own = state.equals("here") ? services.find(key) : null;
        int port = routes.isEmpty() ? 0 : registrar.publicPort(routes.get(0));
        return new NodeStatus.ServiceStatus(
                key.namespace(), key.node(), key.label(), state, own == null ? "" : own.target(), port);
    }
}
