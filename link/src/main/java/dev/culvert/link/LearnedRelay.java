package dev.culvert.link;

import dev.culvert.link.proto.RelayAddress;
import dev.culvert.link.transport.Endpoint;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what a relay says of other relays into targets. <em>Stateless.</em> [LINK-25] */
final class LearnedRelay {
    private static final Logger LOG = LoggerFactory.getLogger(LearnedRelay.class);
    private static final int KEY_BYTES = 32;

    private LearnedRelay() {}

    /**
     * The relay, if a node may follow: with an identity key, over the network, and never in clear unless {@code teller} is reached in clear
     * too.
     */
    static Optional<RelayTarget> parse(RelayAddress relay, Endpoint teller) {
        if (relay.getIdentityKey().size() != KEY_BYTES) {
            return Optional.empty();
        }
        try {
            Endpoint endpoint = Endpoint.parse(relay.getAddress());
            return permitted(endpoint, teller)
                    ? Optional.of(
                            new RelayTarget(endpoint, relay.getIdentityKey().toByteArray()))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            LOG.info("{} names another relay that is passed over: {}", teller, e.getMessage());
            return Optional.empty();
        }
    }

    private static boolean permitted(Endpoint endpoint, Endpoint teller) {
        if (endpoint instanceof Endpoint.Tls || endpoint instanceof Endpoint.WebSocket web && web.secure()) {
            return true;
        }
        return endpoint.getClass() == teller.getClass() && !(endpoint instanceof Endpoint.Unix);
    }
}
