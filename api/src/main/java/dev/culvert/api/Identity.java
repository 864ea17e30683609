package dev.culvert.api;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What a node calls itself towards the validators of those that it links to. <em>Immutable.</em> Prints itself without the token.
 *
 * @param id any text, at most {@value #MAX_ID_BYTES} bytes in UTF-8; empty: none
 * @param token any bytes, at most {@value #MAX_TOKEN_BYTES}; secret
 */
public record Identity(String id, byte[] token) {
    public static final int MAX_ID_BYTES = 255;
    public static final int MAX_TOKEN_BYTES = 16_384;

    public static final Identity NONE = new Identity("", new byte[0]);

    public Identity {
        if (id.getBytes(StandardCharsets.UTF_8).length > MAX_ID_BYTES) {
            throw new IllegalArgumentException(
                    "identity of " + id.length() + " characters (expected: at most " + MAX_ID_BYTES + " bytes)");
        }
        if (token.length > MAX_TOKEN_BYTES) {
            throw new IllegalArgumentException(
                    "token of " + token.length + " bytes (expected: at most " + MAX_TOKEN_BYTES + ")");
        }
        token = token.clone();
    }

    @Override
    public byte[] token() {
        return token.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Identity that && id.equals(that.id) && Arrays.equals(token, that.token);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    @Override
    public String toString() {
        return "Identity[" + id + "]";
    }
}
