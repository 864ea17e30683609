package dev.culvert.policy;

import dev.culvert.api.ErrorCode;

/** Is told when a principal loses access, so that its live links and streams end. On the watching executor; must not block. */
@FunctionalInterface
public interface AccessListener {
    /**
     * One of the principal's credentials is no longer good, or permits something else. End its links now: what still holds is found when it
     * comes back.
     *
     * @param code {@link ErrorCode#REVOKED} or {@link ErrorCode#EXPIRED} if nothing of it holds any more; {@link ErrorCode#LINK_LOST} if
     *     something does, so that it comes back by itself
     * @param text for the peer: one line
     */
    void onAccessEnded(Principal principal, ErrorCode code, String text);
}
