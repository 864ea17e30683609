package dev.culvert.node;

import dev.culvert.api.DialOptions;
import dev.culvert.api.Selection;
import java.util.HashMap;
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
        long millis = Math.max(1, options.timeout().toMillis());
        return new DialTerms(principal, headers(options), millis, options.replaySafe());
    }

    private static Map<String, String> headers(DialOptions options) {
        if (options.selection().equals(Selection.LEAST_IN_FLIGHT)) {
            return options.headers();
        }
        Map<String, String> headers = new HashMap<>(options.headers());
        headers.put(Selection.HEADER, options.selection().headerValue());
        return headers;
    }

    /** The same with one more header. */
    DialTerms with(String header, String value) {
        if (headers.isEmpty()) {
            return new DialTerms(principal, Map.of(header, value), timeoutMillis, replaySafe);
        }
        Map<String, String> more = new HashMap<>(headers);
        more.put(header, value);
        return new DialTerms(principal, more, timeoutMillis, replaySafe);
    }

    /** The same, with so much time at most. */
    DialTerms within(long millis) {
        return new DialTerms(principal, headers, Math.min(timeoutMillis, millis), replaySafe);
    }
}
