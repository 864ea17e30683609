package dev.culvert.node;

import java.nio.file.Path;

/**
 * A place on this machine or in its network, outside Culvert: where a service leads to, or where a local entry listens.
 * <em>Immutable.</em> As text: {@code 8080} (loopback), {@code host:port}, {@code [::1]:8080}, {@code unix:/path}.
 */
public sealed interface Target {
    /** A TCP address; a name is resolved when it is used. */
    record Tcp(String host, int port) implements Target {
        public Tcp {
            if (host.isEmpty() || port < 0 || port > 65535) {
                throw new IllegalArgumentException(
                        "target " + host + ":" + port + " (expected: a host and a port to 65535)");
            }
        }

        @Override
        public String toString() {
            return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
        }
    }

    /** A Unix domain socket. */
    record Unix(Path path) implements Target {
        @Override
        public String toString() {
            return "unix:" + path;
        }
    }

    /** @throws IllegalArgumentException one line: the value and the expectation */
    static Target parse(String text) {
        if (text.startsWith("unix:") && text.length() > "unix:".length()) {
            return new Unix(Path.of(text.substring("unix:".length())));
        }
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "127.0.0.1" : text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (colon >= 0 && (host.isEmpty() || !bracketed && host.indexOf(':') >= 0)) {
            throw bad(text);
        }
        try {
            return new Tcp(
                    bracketed ? host.substring(1, host.length() - 1) : host,
                    Integer.parseInt(text.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            throw bad(text);
        }
    }

    private static IllegalArgumentException bad(String text) {
        return new IllegalArgumentException(
                "target '" + text + "' (expected: 8080, host:8080, [::1]:8080 or unix:/path)");
    }
}
