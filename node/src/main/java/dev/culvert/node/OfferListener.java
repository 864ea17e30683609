package dev.culvert.node;

import dev.culvert.api.Address;
import dev.culvert.api.ErrorCode;
import java.util.List;

/** Is told what one relay tells of its services. On the loop of the link's session, in order; must not block. */
interface OfferListener {
    /** A service may be dialled, or what is known of it has changed. */
    void onOffered(Told service);

    /** Nobody offers it any more. */
    void onGone(Told service);

    /** The relay has told everything that was there at the beginning. */
    void onSynced(String relay);

    /** It tells nothing more for now, and is asked again while the link is up; {@link #onGone} was called for all it had told. */
    void onLost(String relay, ErrorCode code, String text);

    /** The session is over. On any thread; late calls of the others may follow, and do not count. */
    default void onOver() {}

    /**
     * A service at its node, without a namespace. <em>Immutable.</em>
     *
     * @param relay the one that tells it
     * @param lost the name is kept for its owner, whose link is lost
     * @param path relays behind that one, the next one first
     */
    record Told(String relay, Address address, boolean lost, List<String> path) {
        public Told {
            path = List.copyOf(path);
        }
    }

    /** For a watcher that hears all relays at once. */
    static OfferListener of(ServiceWatcher watcher) {
        return new OfferListener() {
            @Override
            public void onOffered(Told service) {
                watcher.onOffered(OfferedService.of(service));
            }

            @Override
            public void onGone(Told service) {
                watcher.onGone(OfferedService.of(service));
            }

            @Override
            public void onSynced(String relay) {
                watcher.onSynced(relay);
            }

            @Override
            public void onLost(String relay, ErrorCode code, String text) {
                watcher.onLost(relay, code, text);
            }
        };
    }
}
