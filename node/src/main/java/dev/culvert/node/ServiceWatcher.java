package dev.culvert.node;

import dev.culvert.api.ErrorCode;

/**
 * Is told which services may be dialled, by each relay that the node is linked to. On one event loop, in order; must not block. After a link
 * was lost everything is told again.
 */
public interface ServiceWatcher {
    /** A service may be dialled, or what is known of it has changed. */
    void onOffered(OfferedService service);

    /** Nobody offers it any more. */
    void onGone(OfferedService service);

    /** The relay has told everything that was there at the beginning; changes follow. */
    void onSynced(String relay);

    /** The relay tells nothing more for now: the link is lost, or it refused. {@link #onGone} was called for all it had told. */
    void onLost(String relay, ErrorCode code, String text);
}
