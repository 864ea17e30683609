package dev.culvert.node;

import dev.culvert.api.NodeHooks;
import dev.culvert.api.RetryPolicy;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An embedder's policy, which may throw or answer nonsense: then what is proposed is done, and the embedder is told. Any thread. */
final class GuardedRetry implements RetryPolicy {
    private static final Logger LOG = LoggerFactory.getLogger(GuardedRetry.class);
    private static final Duration LONGEST = Duration.ofDays(365);

    private final RetryPolicy policy;
    private final NodeHooks hooks;

    private GuardedRetry(RetryPolicy policy, NodeHooks hooks) {
        this.policy = policy;
        this.hooks = hooks;
    }

    static RetryPolicy of(RetryPolicy policy, NodeHooks hooks) {
        return policy.equals(RetryPolicy.DEFAULT) ? policy : new GuardedRetry(policy, hooks);
    }

    @Override
    public Optional<Duration> delay(Failure failure) {
        try {
            Optional<Duration> delay = policy.delay(failure);
            if (delay.isPresent() && delay.get().isNegative()) {
                throw new IllegalArgumentException("delay: " + delay.get() + " (expected: zero or more)");
            }
            return delay.map(wait -> wait.compareTo(LONGEST) > 0 ? LONGEST : wait);
        } catch (RuntimeException | Error e) {
            LOG.warn("the retry policy failed, {} is waited: {}", failure.proposed(), e.toString());
            tell(e);
            return Optional.of(failure.proposed());
        }
    }

    private void tell(Throwable failure) {
        try {
            hooks.onHookFailed("retry policy", failure);
        } catch (RuntimeException | Error e) {
            LOG.warn("the hook for failures of hooks failed", e);
        }
    }
}
