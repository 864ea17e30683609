package dev.culvert.node;

import dev.culvert.api.DialOptions;
import java.util.Map;

/**
 * On what terms this node dials. <em>Immutable.</em>
 *
 * @param principal whom it dials for
 * @param headers sent along
 * @param timeoutMillis for the answer
 * @param replaySafe the first bytes may reach a service twice
 */
record DialTerms(String principal, Map<String, String> headers, long timeoutMillis, boolean replaySafe) {
    static DialTerms of(String principal, DialOptions options) {
        return new DialTerms(
                principal, options.headers(), Math.max(1, options.timeout().toMillis()), options.replaySafe());
    }

    /** The same, with so much time at most. */
    DialTerms within(long millis) {
        return new DialTerms(principal, headers, Math.min(timeoutMillis, millis), replaySafe);
    }
}
