package dev.culvert.api;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a node takes links; so it is a relay. <em>Immutable.</em>
 *
 * @param endpoints {@code host:port} or {@code tls://host:port} (which takes WebSockets too), {@code unix:/path}, or, in clear and for
 *     loopback, {@code tcp://host:port}; port 0: the system chooses; {@link #ATTACHED}: no port
 * @param publicAddresses {@code host:port}, {@code wss://host:port} or {@code tcp://host:port} under which other machines reach it, for {@link
 *     Node#invite}; none: the endpoints themselves
 */
public record ListenOptions(List<String> endpoints, List<String> publicAddresses) {
    /** The endpoint of a node that takes links without a port: on byte streams, by {@link Node#attach}, and no others. */
    public static final String ATTACHED = "attached";

    /** Nowhere. */
    public static final ListenOptions NOWHERE = new ListenOptions(List.of(), List.of());

    public ListenOptions {
        endpoints = List.copyOf(endpoints);
        publicAddresses = List.copyOf(publicAddresses);
    }

    /** One more endpoint. */
    public ListenOptions withEndpoint(String endpoint) {
        return new ListenOptions(plus(endpoints, endpoint), publicAddresses);
    }

    /** One more public address. */
    public ListenOptions withPublicAddress(String address) {
        return new ListenOptions(endpoints, plus(publicAddresses, address));
    }

    private static List<String> plus(List<String> list, String more) {
        List<String> longer = new ArrayList<>(list);
        longer.add(more);
        return longer;
    }
}
