package dev.culvert.gateway;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A user and a password in Authorization. RFC 7617 <em>Immutable.</em> */
record BasicCredentials(String user, String password) {
    private static final String SCHEME = "Basic ";

    /** Null: none are shown, or none that are understood. */
    static @Nullable BasicCredentials of(HttpHeaders headers) {
        List<String> values = headers.getAll(HttpHeaderNames.AUTHORIZATION);
        String value = values.size() == 1 ? values.get(0).strip() : "";
        if (!value.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return null;
        }
        try {
            byte[] bytes =
                    Base64.getDecoder().decode(value.substring(SCHEME.length()).strip());
            String pair = new String(bytes, StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            return colon < 1 ? null : new BasicCredentials(pair.substring(0, colon), pair.substring(colon + 1));
        } catch (IllegalArgumentException notBase64) {
            return null;
        }
    }

    /** Without the password. */
    @Override
    public String toString() {
        return user + ":...";
    }
}
