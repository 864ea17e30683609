package dev.culvert.api;

import java.time.Duration;
import java.util.Map;

/**
 * How to call. <em>Immutable.</em>
 *
 * @param timeout for the whole call, from its begin to the last byte of the answer; then the handler is told to stop
 * @param headers sent along; the handler reads them
 * @param maxAnswerBytes of an answer that is taken; a longer one fails the call with TOO_LARGE
 * @param replaySafe the request does no harm if it reaches handlers twice, so relays may try another replica
 */
public record CallOptions(Duration timeout, Map<String, String> headers, int maxAnswerBytes, boolean replaySafe) {
    /** 30 seconds, answers up to 16 MiB. */
    public static final CallOptions DEFAULT = new CallOptions(Duration.ofSeconds(30), Map.of(), 16 << 20, false);

    public CallOptions {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout: " + timeout + " (expected: more than zero)");
        }
        if (maxAnswerBytes < 0) {
            throw new IllegalArgumentException("maxAnswerBytes: " + maxAnswerBytes + " (expected: >= 0)");
        }
        headers = Map.copyOf(headers);
    }

    public CallOptions withTimeout(Duration newTimeout) {
        return new CallOptions(newTimeout, headers, maxAnswerBytes, replaySafe);
    }

    public CallOptions withHeaders(Map<String, String> newHeaders) {
        return new CallOptions(timeout, newHeaders, maxAnswerBytes, replaySafe);
    }

    public CallOptions withMaxAnswerBytes(int newMaxAnswerBytes) {
        return new CallOptions(timeout, headers, newMaxAnswerBytes, replaySafe);
    }

    public CallOptions withReplaySafe(boolean newReplaySafe) {
        return new CallOptions(timeout, headers, maxAnswerBytes, newReplaySafe);
    }

    /** What is dialled with: {@code mode} is one of {@link StreamMode}'s values. */
    public DialOptions dialOptions(String mode) {
        DialOptions dial =
                DialOptions.DEFAULT.withTimeout(timeout).withHeaders(headers).withReplaySafe(replaySafe);
        return StreamMode.declare(dial, mode);
    }
}
