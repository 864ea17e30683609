package dev.culvert.api;

import java.util.List;

/**
 * A node that wants to link. <em>Immutable</em>, but for the token's bytes. Prints itself without the token.
 *
 * @param node the name that it gives itself
 * @param principal who it was proved to be
 * @param namespace of its names
 * @param identity what it calls itself: {@link NodeBuilder#identity}; empty: nothing
 * @param token that it sent with its identity; empty: none
 * @param remoteAddress as the transport prints it
 * @param services that it offers at once
 */
public record SessionRequest(
        String node,
        String principal,
        String namespace,
        String identity,
        byte[] token,
        String remoteAddress,
        List<String> services) {
    public SessionRequest {
        services = List.copyOf(services);
    }

    @Override
    public String toString() {
        return "SessionRequest[" + node + ", " + principal + ", " + namespace + ", identity " + identity + ", from "
                + remoteAddress + "]";
    }
}
