package dev.culvert.link;

import dev.culvert.api.ErrorCode;

/** The life of one dialled link, as an operator wants to see it. Off or on event loops; must not block. */
public interface LinkListener {
    /** A connection is about to be made. Closing {@code link} here or later ends it for good. */
    default void onConnecting(Link link, long attempt) {}

    /** A step of connecting succeeded: {@code resolve}, {@code tcp}, {@code tls pin}, {@code auth}. */
    default void onStep(Link link, String step, String detail, long nanos) {}

    default void onUp(Link link, Session session) {}

    /** The session ended or an attempt failed for a reason that passes; the next attempt follows after the delay. */
    default void onRetry(Link link, ErrorCode code, String reason, long delayNanos) {}

    /** The relay refused in a way that a retry cannot mend; the link is over. */
    default void onRefused(Link link, ErrorCode code, String reason) {}

    /** The link is over, refused or closed, and so is its last session. Last call. */
    default void onEnded(Link link) {}
}
