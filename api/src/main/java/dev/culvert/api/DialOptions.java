package dev.culvert.api;

import java.time.Duration;
import java.util.Map;

/**
 * How to dial. <em>Immutable.</em>
 *
 * @param timeout for the answer, over all hops; also the wait for a link that is not up yet
 * @param headers sent along; the accepting end reads them
 * @param replaySafe the first bytes do no harm if they reach a service twice, so relays may try another replica
 * @param early return before the answer: a refusal shows at the first read, as {@link DialException}, and no round trip is waited for
 */
public record DialOptions(Duration timeout, Map<String, String> headers, boolean replaySafe, boolean early) {
    public static final DialOptions DEFAULT = new DialOptions(Duration.ofSeconds(30), Map.of(), false, false);

    public DialOptions {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout: " + timeout + " (expected: more than zero)");
        }
        headers = Map.copyOf(headers);
    }

    public DialOptions withTimeout(Duration newTimeout) {
        return new DialOptions(newTimeout, headers, replaySafe, early);
    }

    public DialOptions withHeaders(Map<String, String> newHeaders) {
        return new DialOptions(timeout, newHeaders, replaySafe, early);
    }

    public DialOptions withReplaySafe(boolean newReplaySafe) {
        return new DialOptions(timeout, headers, newReplaySafe, early);
    }

    public DialOptions withEarly(boolean newEarly) {
        return new DialOptions(timeout, headers, replaySafe, newEarly);
    }
}
