package dev.culvert.api;

/**
 * Decides which nodes may link to this one, after their keys are proved and their invitations found good. On a thread that may block, at
 * once for several; the handshake ends after 10 seconds, whatever it does.
 */
@FunctionalInterface
public interface SessionValidator {
    /** Everybody who could prove himself. */
    SessionValidator ANY = request -> Verdict.ACCEPT;

    /**
     * Decides. Until then, and after a refusal, nothing of the node can be seen or dialled. What it throws refuses with INTERNAL.
     */
    Verdict validate(SessionRequest request) throws Exception;
}
