package dev.culvert.node;

import dev.culvert.api.Validators;
import dev.culvert.mux.MuxOptions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a node is told at its start. <em>Immutable.</em>
 *
 * @param identity who it is
 * @param links relays to keep links to; none for a relay that stands alone
 * @param listen makes it a relay; null: an agent
 * @param services that lead to local targets
 * @param entries local sockets that dial a name
 * @param limits what it bounds
 * @param mux of its sessions
 * @param validators decide on sessions and streams that come in, beside keys and scopes
 */
public record NodeConfig(
        NodeIdentity identity,
        List<LinkConfig> links,
        @Nullable ListenConfig listen,
        List<ExposedService> services,
        List<LocalEntry> entries,
        NodeLimits limits,
        MuxOptions mux,
        Validators validators) {
    public NodeConfig {
        links = List.copyOf(links);
        services = List.copyOf(services);
        entries = List.copyOf(entries);
    }

    /** A node that does nothing yet. */
    public static NodeConfig of(NodeIdentity identity) {
        return new NodeConfig(
                identity,
                List.of(),
                null,
                List.of(),
                List.of(),
                NodeLimits.DEFAULT,
                MuxOptions.DEFAULT,
                Validators.NONE);
    }

    /** One more relation to keep. */
    public NodeConfig withLink(LinkConfig link) {
        return new NodeConfig(identity, plus(links, link), listen, services, entries, limits, mux, validators);
    }

    public NodeConfig withListen(ListenConfig newListen) {
        return new NodeConfig(identity, links, newListen, services, entries, limits, mux, validators);
    }

    /** One more service. */
    public NodeConfig withService(ExposedService service) {
        return new NodeConfig(identity, links, listen, plus(services, service), entries, limits, mux, validators);
    }

    /** One more local entry. */
    public NodeConfig withEntry(LocalEntry entry) {
        return new NodeConfig(identity, links, listen, services, plus(entries, entry), limits, mux, validators);
    }

    public NodeConfig withLimits(NodeLimits newLimits) {
        return new NodeConfig(identity, links, listen, services, entries, newLimits, mux, validators);
    }

    public NodeConfig withMux(MuxOptions newMux) {
        return new NodeConfig(identity, links, listen, services, entries, limits, newMux, validators);
    }

    public NodeConfig withValidators(Validators newValidators) {
        return new NodeConfig(identity, links, listen, services, entries, limits, mux, newValidators);
    }

    private static <T> List<T> plus(List<T> list, T more) {
        List<T> longer = new ArrayList<>(list);
        longer.add(more);
        return longer;
    }
}
