package dev.culvert.api;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How to dial. <em>Immutable.</em> A dial ends with a stream or with {@link DialException}, at the latest after {@code waitUpTo} and
 * {@code timeout} together, and never later than {@code deadline}.
 *
 * @param timeout for the answer, over all hops; also the wait for a link that is not up yet; 30 seconds by default
 * @param deadline when the dial must be over, whatever else is said here; null, the default: no such instant
 * @param waitUpTo how long to dial again, less and less often (every second at last), while there is no such service or no way to it; so
 *     a machine that is restarting may come back; zero by default
 * @param headers sent along; the accepting end reads them
 * @param replaySafe the first bytes do no harm if they reach a service twice, so relays may try another replica
 * @param early return before the answer: a refusal shows at the first read, as {@link DialException}, and no round trip is waited for
 * @param selection which node to try first where several share the name; by default the less loaded of two
 */
public record DialOptions(
        Duration timeout,
        @Nullable Instant deadline,
        Duration waitUpTo,
        Map<String, String> headers,
        boolean replaySafe,
        boolean early,
        Selection selection) {
    public static final DialOptions DEFAULT = new DialOptions(
            Duration.ofSeconds(30), null, Duration.ZERO, Map.of(), false, false, Selection.LEAST_IN_FLIGHT);

    public DialOptions {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout: " + timeout + " (expected: more than zero)");
        }
        if (waitUpTo.isNegative()) {
            throw new IllegalArgumentException("waitUpTo: " + waitUpTo + " (expected: zero or more)");
        }
        headers = Map.copyOf(headers);
    }

    public DialOptions withTimeout(Duration newTimeout) {
        return new DialOptions(newTimeout, deadline, waitUpTo, headers, replaySafe, early, selection);
    }

    public DialOptions withDeadline(Instant newDeadline) {
        return new DialOptions(timeout, newDeadline, waitUpTo, headers, replaySafe, early, selection);
    }

    public DialOptions withWaitUpTo(Duration newWaitUpTo) {
        return new DialOptions(timeout, deadline, newWaitUpTo, headers, replaySafe, early, selection);
    }

    public DialOptions withHeaders(Map<String, String> newHeaders) {
        return new DialOptions(timeout, deadline, waitUpTo, newHeaders, replaySafe, early, selection);
    }

    public DialOptions withReplaySafe(boolean newReplaySafe) {
        return new DialOptions(timeout, deadline, waitUpTo, headers, newReplaySafe, early, selection);
    }

    public DialOptions withEarly(boolean newEarly) {
        return new DialOptions(timeout, deadline, waitUpTo, headers, replaySafe, newEarly, selection);
    }

    public DialOptions withSelection(Selection newSelection) {
        return new DialOptions(timeout, deadline, waitUpTo, headers, replaySafe, early, newSelection);
    }
}
