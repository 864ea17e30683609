package dev.culvert.node;

import dev.culvert.link.transport.Endpoint;
import dev.culvert.link.transport.Proxy;
import dev.culvert.policy.JoinString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The relays of one join string, to which this node keeps links. <em>Immutable.</em>
 *
 * @param join relays with their keys, and the credential
 * @param endpoints transports to use instead of TLS to the join string's addresses, one per relay in its order; empty: TLS
 * @param proxy how to get out
 */
public record LinkConfig(JoinString join, List<Endpoint> endpoints, Proxy proxy) {
    public LinkConfig {
        endpoints = List.copyOf(endpoints);
        if (!endpoints.isEmpty() && endpoints.size() != join.relays().size()) {
            throw new IllegalArgumentException("endpoints: " + endpoints.size() + " (expected: none, or one for each of the "
                    + join.relays().size() + " relays)");
        }
    }

    /** TLS to the addresses of a join string, through the proxy of the environment if there is one. */
    public static LinkConfig of(JoinString join) {
        return new LinkConfig(join, List.of(), Proxy.FROM_ENVIRONMENT);
    }

    public LinkConfig withEndpoints(List<Endpoint> newEndpoints) {
        return new LinkConfig(join, newEndpoints, proxy);
    }
}
