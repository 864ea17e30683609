package dev.culvert.node;

import java.util.List;

/**
 * On what terms a node takes direct links. <em>Immutable.</em> A node that takes them is a leaf towards its relays. [DIRECT-2]
 *
 * @param addresses numeric {@code host:port} where it takes links over TLS; none: it takes no direct links
 * @param ticketMillis how long a ticket is good, and a link that is not renewed
 */
record DirectTerms(List<String> addresses, long ticketMillis) {
    static final long TICKET_MILLIS = 60_000;

    /** Those that a caller does not take. */
    static final long SHORTEST_MILLIS = 10_000;

    static final DirectTerms NONE = new DirectTerms(List.of(), TICKET_MILLIS);

    DirectTerms {
        addresses = List.copyOf(addresses);
        if (addresses.size() > DirectPolicy.MAX_ADDRESSES) {
            throw new IllegalArgumentException(
                    addresses.size() + " direct addresses (expected: at most " + DirectPolicy.MAX_ADDRESSES + ")");
        }
        for (String address : addresses) {
            if (!DirectPolicy.isNumericAddress(address)) {
                throw new IllegalArgumentException("direct address '" + address
                        + "' (expected: a numeric address and a port, such as 192.168.3.2:7443)");
            }
        }
    }

    boolean isTaken() {
        return !addresses.isEmpty();
    }
}
