package dev.culvert.policy;

import dev.culvert.api.ErrorCode;

/** Is told when a principal loses access, so that its live links and streams end. On the watching executor; must not block. */
@FunctionalInterface
public interface AccessListener {
    /**
     * One of the principal's credentials is no longer good. End its links now: if another credential still holds, it is accepted again when
     * it comes back.
     *
     * @param code {@link ErrorCode#REVOKED} or {@link ErrorCode#EXPIRED}
     * @param text for the peer: one line
     */
    void onAccessEnded(Principal principal, ErrorCode code, String text);
}
