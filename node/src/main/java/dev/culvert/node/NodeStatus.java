package dev.culvert.node;

import java.util.List;

/**
 * What a node does at one moment; the same names in JSON. <em>Immutable.</em>
 *
 * @param node its name
 * @param namespace of its own services
 * @param role {@code relay} or {@code agent}
 * @param listening addresses of its link ports
 * @param links that it dials
 * @param sessions that others dialled to it
 * @param services that it knows: its own, those registered at it, and those that its local ports lead to
 * @param traffic of streams that began or ended here, or passed
 */
public record NodeStatus(
        String node,
        String namespace,
        String role,
        List<String> listening,
        List<LinkStatus> links,
        List<SessionStatus> sessions,
        List<ServiceStatus> services,
        Traffic traffic) {
    public NodeStatus {
        listening = List.copyOf(listening);
        links = List.copyOf(links);
        sessions = List.copyOf(sessions);
        services = List.copyOf(services);
    }

    /**
     * @param relay as configured
     * @param state {@code up}, {@code connecting} or {@code refused}
     * @param node the relay's name, empty unless up
     * @param reason of the last loss or refusal, empty if there was none
     * @param roundTripMicros -1: unknown
     */
    public record LinkStatus(String relay, String state, String node, String reason, long roundTripMicros) {}

    /**
     * @param offers names of the services that it registered
     * @param streams open on it now
     */
    public record SessionStatus(
            String node,
            String namespace,
            List<String> offers,
            String principal,
            String remoteAddress,
            int streams,
            long roundTripMicros) {
        public SessionStatus {
            offers = List.copyOf(offers);
        }
    }

    /**
     * @param service its name, or {@code :port}
     * @param state {@code here}, {@code up}, {@code lost} (kept for its owner) or {@code forward} (a local port leads to
     *     it; {@code node} is empty)
     * @param target where it leads to, of this node's own; of a forward, where the local port is; else empty
     */
    public record ServiceStatus(
            String namespace, String node, String service, String state, String target, int publicPort) {}

    /**
     * @param open streams now
     * @param total streams since the start
     * @param bytesIn from callers to services
     * @param bytesOut from services to callers
     */
    public record Traffic(long open, long total, long refused, long bytesIn, long bytesOut) {}
}
