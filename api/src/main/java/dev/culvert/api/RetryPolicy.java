package dev.culvert.api;

import java.time.Duration;
import java.util.Optional;

/**
 * Decides when a link that failed or was lost is tried again, or that it is not. Asked for each attempt, on a thread that may block; the link
 * waits for the answer. What it throws, and a negative wait, go to {@link NodeHooks#onHookFailed}, and what would be without it is done.
 */
@FunctionalInterface
public interface RetryPolicy {
    /** As without a policy of one's own: random up to a bound that doubles, see {@link LinkTerms}. */
    RetryPolicy DEFAULT = failure -> Optional.of(failure.proposed());

    /**
     * How long to wait before the next attempt; what the relay itself has asked for is waited for in any case. Empty: the link is given up,
     * which {@link NodeHooks#onLinkEnded} tells.
     */
    Optional<Duration> delay(Failure failure);

    /**
     * Why there is something to decide. <em>Immutable.</em>
     *
     * @param relay where the link leads, as the join string has it
     * @param reason one line for a person
     * @param inARow this failure and those before it; 1 again after the link was up for a while, 30 s by default
     * @param proposed what would be waited without a policy
     */
    record Failure(String relay, ErrorCode code, String reason, int inARow, Duration proposed) {}
}
