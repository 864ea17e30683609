package dev.culvert.node;

/**
 * A service that may be dialled, as one relay tells it. <em>Immutable.</em>
 *
 * @param relay the relay that tells it, and through which it is reached
 * @param node who offers it
 * @param service its name, or {@code :port}
 * @param lost the name is kept for its owner, whose link is lost
 */
public record OfferedService(String relay, String node, String service, boolean lost) {
    static OfferedService of(OfferListener.Told told) {
        int port = told.address().port();
        String name = port == 0 ? told.address().service() : ":" + Integer.toUnsignedString(port);
        return new OfferedService(told.relay(), told.address().node(), name, told.lost());
    }

    /** What is dialled. */
    public String address() {
        return service.startsWith(":") ? node + service : node + "." + service;
    }
}
