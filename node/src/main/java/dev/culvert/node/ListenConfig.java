package dev.culvert.node;

import dev.culvert.link.transport.Endpoint;
import dev.culvert.link.transport.LinkPortOptions;
import dev.culvert.policy.Authenticator;
import java.util.List;

/**
 * What makes a node a relay. <em>Immutable.</em>
 *
 * @param endpoints where links are taken; port 0: the system chooses; none: on attached byte streams alone
 * @param options what the link port takes
 * @param authenticator decides who may link and what it may do
 * @param publicHost address on which public ports are opened
 * @param direct on what terms those link who reached a service through a relay
 */
public record ListenConfig(
        List<Endpoint> endpoints,
        LinkPortOptions options,
        Authenticator authenticator,
        String publicHost,
        DirectTerms direct) {
    public ListenConfig {
        endpoints = List.copyOf(endpoints);
    }

    /** Without direct links. */
    public ListenConfig(
            List<Endpoint> endpoints, LinkPortOptions options, Authenticator authenticator, String publicHost) {
        this(endpoints, options, authenticator, publicHost, DirectTerms.NONE);
    }

    public ListenConfig withDirect(DirectTerms newDirect) {
        return new ListenConfig(endpoints, options, authenticator, publicHost, newDirect);
    }
}
