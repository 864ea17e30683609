package dev.culvert.node;

import java.nio.file.Path;

/** Targets as people write them. <em>Stateless.</em> Pure. */
final class TargetText {
    static final String SECURE = "https://";
    private static final String PLAIN = "http://";
    private static final String UNIX = "unix:";
    private static final int NO_PORT = -1;

    private TargetText() {}

    static Target parse(String text) {
        if (text.startsWith(UNIX) && text.length() > UNIX.length()) {
            return new Target.Unix(Path.of(text.substring(UNIX.length())));
        }
        try {
            if (text.startsWith(SECURE)) {
                return new Target.Https(address(authority(text, SECURE), 443));
            }
            return text.startsWith(PLAIN) ? address(authority(text, PLAIN), 80) : address(text, NO_PORT);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "target '" + text
                            + "' (expected: 8080, host:8080, [::1]:8080, https://host:8443 without a path, or unix:/path)",
                    e);
        }
    }

    private static String authority(String text, String scheme) {
        String authority = text.substring(scheme.length());
        return authority.endsWith("/") ? authority.substring(0, authority.length() - 1) : authority;
    }

    /** @param usualPort where none is named; {@link #NO_PORT}: what stands alone is a port of this machine */
    private static Target.Tcp address(String text, int usualPort) {
        int colon = text.lastIndexOf(':');
        boolean withPort = colon > text.lastIndexOf(']');
        if (!withPort && usualPort != NO_PORT) {
            return new Target.Tcp(host(text), usualPort);
        }
        String host = withPort ? host(text.substring(0, colon)) : "127.0.0.1";
        return new Target.Tcp(host, Integer.parseInt(text.substring(colon + 1)));
    }

    private static String host(String text) {
        if (text.startsWith("[") && text.endsWith("]")) {
            return text.substring(1, text.length() - 1);
        }
        if (text.isEmpty() || text.chars().anyMatch(c -> ":/?#@ []".indexOf(c) >= 0)) {
            throw new IllegalArgumentException("host '" + text + "'");
        }
        return text;
    }
}
