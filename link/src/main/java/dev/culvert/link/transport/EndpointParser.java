package dev.culvert.link.transport;

import dev.culvert.policy.HostPort;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;

/** Reads {@link Endpoint}s from text. <em>Stateless.</em> */
final class EndpointParser {
    private static final String EXPECTED =
            " (expected: host:port, tls://host:port, tcp://host:port, wss://host:port/culvert, ws://..., unix:/path or mem:name)";

    private EndpointParser() {}

    static Endpoint parse(String text) {
        String value = text.trim();
        if (value.startsWith("unix:")) {
            return unix(text, value.substring("unix:".length()));
        }
        if (value.startsWith("mem:")) {
            return memory(text, value.substring("mem:".length()));
        }
        URI uri = uri(text, value.contains("://") ? value : "tls://" + value);
        return switch (uri.getScheme().toLowerCase(Locale.ROOT)) {
            case "tls" -> new Endpoint.Tls(host(uri), port(uri, Endpoint.DEFAULT_PORT, noPath(text, uri)));
            case "tcp" -> new Endpoint.Tcp(host(uri), port(uri, Endpoint.DEFAULT_PORT, noPath(text, uri)));
            case "wss" -> new Endpoint.WebSocket(true, host(uri), port(uri, 443, text), path(uri));
            case "ws" -> new Endpoint.WebSocket(false, host(uri), port(uri, 80, text), path(uri));
            default -> throw bad(text, "unknown transport " + uri.getScheme());
        };
    }

    private static Endpoint unix(String text, String path) {
        if (path.isEmpty()) {
            throw bad(text, "no path");
        }
        try {
            return new Endpoint.Unix(Path.of(path));
        } catch (InvalidPathException e) {
            throw bad(text, e.getReason());
        }
    }

    private static Endpoint memory(String text, String name) {
        if (name.isEmpty()) {
            throw bad(text, "no name");
        }
        return new Endpoint.Memory(name);
    }

    private static URI uri(String text, String value) {
        URI uri;
        try {
            uri = new URI(value).parseServerAuthority();
        } catch (URISyntaxException e) {
            throw bad(text, e.getReason());
        }
        if (uri.getHost() == null) {
            throw bad(text, "no host");
        }
        if (uri.getUserInfo() != null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw bad(text, "an address carries no user, query or fragment");
        }
        return uri;
    }

    private static String noPath(String text, URI uri) {
        if (uri.getRawPath() != null
                && !uri.getRawPath().isEmpty()
                && !uri.getRawPath().equals("/")) {
            throw bad(text, "a path belongs to ws:// and wss:// only");
        }
        return text;
    }

    private static String path(URI uri) {
        String path = uri.getRawPath();
        return path == null || path.isEmpty() || path.equals("/") ? Endpoint.WEBSOCKET_PATH : path;
    }

    private static String host(URI uri) {
        String host = uri.getHost();
        return host.startsWith("[") ? HostPort.bare(host) : host.toLowerCase(Locale.ROOT);
    }

    private static int port(URI uri, int fallback, String text) {
        int port = uri.getPort();
        if (port == -1) {
            return fallback;
        }
        if (port > 65535) {
            throw bad(text, "port " + port + " is not in 0-65535");
        }
        return port;
    }

    private static IllegalArgumentException bad(String text, String reason) {
        return new IllegalArgumentException("address '" + text + "': " + reason + EXPECTED);
    }
}
