package dev.culvert.link.transport;

import dev.culvert.api.AddressRange;
import dev.culvert.policy.HostPort;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Which proxy an endpoint needs, if any. <em>Stateless.</em> Errors name the variable and never a password. */
final class ProxyChoice {
    private static final int DEFAULT_PORT = 80;

    private ProxyChoice() {}

    /**
     * Null: none.
     *
     * @throws IllegalArgumentException one line, for a variable that cannot be used: it is never silently left out
     */
    static Proxy.@Nullable Http of(Proxy proxy, Endpoint endpoint, UnaryOperator<@Nullable String> environment) {
        if (proxy instanceof Proxy.Http http) {
            return endpoint instanceof Endpoint.Unix || endpoint instanceof Endpoint.Memory ? null : http;
        }
        if (!(proxy instanceof Proxy.FromEnvironment fromEnvironment)) {
            return null;
        }
        if (endpoint instanceof Endpoint.WebSocket web) {
            return fromEnvironment(environment, web.secure(), web.host(), web.port());
        }
        return endpoint instanceof Endpoint.Tls tls && fromEnvironment.tlsToo()
                ? fromEnvironment(environment, true, tls.host(), tls.port())
                : null;
    }

    private static Proxy.@Nullable Http fromEnvironment(
            UnaryOperator<@Nullable String> environment, boolean secure, String host, int port) {
        String name = secure ? "HTTPS_PROXY" : "HTTP_PROXY";
        String value = either(environment, name);
        String exceptions = either(environment, "NO_PROXY");
        if (value == null || value.isBlank() || exceptions != null && isExcepted(exceptions, host, port)) {
            return null;
        }
        return parse(name, value.trim());
    }

    private static @Nullable String either(UnaryOperator<@Nullable String> environment, String name) {
        String lower = environment.apply(name.toLowerCase(Locale.ROOT));
        return lower != null ? lower : environment.apply(name);
    }

    private static Proxy.Http parse(String name, String value) {
        try {
            URI uri = new URI(value.contains("://") ? value : "http://" + value).parseServerAuthority();
            if (!"http".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null) {
                throw new URISyntaxException("", "not a plain HTTP proxy");
            }
            String user = uri.getRawUserInfo();
            int colon = user == null ? -1 : user.indexOf(':');
            return new Proxy.Http(
                    HostPort.bare(uri.getHost()),
                    uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(),
                    user == null ? null : decode(colon < 0 ? user : user.substring(0, colon)),
                    user == null ? null : colon < 0 ? "" : decode(user.substring(colon + 1)));
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    name + ": " + shown(value) + " (expected: http://host:port or http://user:password@host:port)");
        }
    }

    /** The variable without what may be a password. */
    private static String shown(String value) {
        int at = value.lastIndexOf('@');
        int scheme = value.indexOf("://");
        return at < 0 ? value : (scheme < 0 ? "" : value.substring(0, scheme + 3)) + "***" + value.substring(at);
    }

    /** Entries are {@code *}, a host, a domain with or without a leading dot, or an address, each with or without a port. */
    private static boolean isExcepted(String exceptions, String host, int port) {
        for (String entry : exceptions.toLowerCase(Locale.ROOT).split("[,\\s]+")) {
            String name = entry;
            int colon = entry.lastIndexOf(':');
            if (colon > 0 && entry.indexOf(':') == colon) {
                if (!entry.substring(colon + 1).equals(Integer.toString(port))) {
                    continue;
                }
                name = entry.substring(0, colon);
            }
            if (matches(name, host)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(String entry, String host) {
        if (entry.isEmpty()) {
            return false;
        }
        AddressRange range = entry.indexOf('/') < 0 ? null : AddressRange.parseOrNull(entry);
        if (range != null) {
            InetAddress address = NetUtil.createInetAddressFromIpAddressString(host);
            return address != null && range.contains(address);
        }
        String domain = entry.startsWith("*.") ? entry.substring(1) : entry;
        return domain.equals("*")
                || host.equals(domain)
                || host.endsWith(domain.startsWith(".") ? domain : "." + domain)
                || domain.equals("." + host);
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
