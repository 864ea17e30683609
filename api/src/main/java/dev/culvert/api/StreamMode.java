package dev.culvert.api;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the bytes of a stream are, as its opener declares it with a header [MSG-1]. A service takes one mode; a stream in another is
 * refused PROTOCOL before anything is delivered. <em>Immutable.</em>
 */
public enum StreamMode {
    /** Bytes that the two ends understand by themselves. */
    BYTES,
    /** Messages: {@link Messages}. */
    MESSAGES,
    /** One call with its answer, or one notification: {@link Node#call(String, byte[])}, {@link Node#notify(String, byte[])}. */
    CALLS;

    /** The header that declares the mode; without it a stream is {@link #BYTES}. */
    public static final String HEADER = "culvert-mode";

    /** The header's value for {@link #MESSAGES}. */
    public static final String VALUE_MESSAGES = "messages";

    /** The header's value for a call. [CALL-1] */
    public static final String VALUE_CALL = "call";

    /** The header's value for a call without an answer. [CALL-1] */
    public static final String VALUE_NOTIFY = "notify";

    /** What these headers declare; null: a mode that this version does not know. */
    public static @Nullable StreamMode of(Map<String, String> headers) {
        String value = headers.get(HEADER);
        if (value == null) {
            return BYTES;
        }
        return switch (value) {
            case VALUE_MESSAGES -> MESSAGES;
            case VALUE_CALL, VALUE_NOTIFY -> CALLS;
            default -> null;
        };
    }

    /** The same options with the header that declares {@code value}. */
    static DialOptions declare(DialOptions options, String value) {
        Map<String, String> headers = new HashMap<>(options.headers());
        headers.put(HEADER, value);
        return options.withHeaders(headers);
    }
}
