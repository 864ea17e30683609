package dev.culvert.gateway;

import dev.culvert.api.Address;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which request is for which service. <em>Immutable.</em> The first that says something decides: the headers {@code culvert-target} and
 * {@code x-backstream-client-id}, an exact host, the longest path prefix, a host below a domain, the fallback.
 *
 * @param domains below which {@code service.<domain>} and {@code node.service.<domain>} are services; lower case
 * @param hosts exact hosts, lower case and without a port
 * @param paths prefixes that begin with a slash; {@code /a} covers {@code /a} and {@code /a/b}, not {@code /ab}
 * @param fallback for what nothing else decides; null: such requests are refused
 * @param passes exact hosts whose TLS is their service's own: what comes for them over TLS goes there as it is
 */
public record GatewayRules(
        List<String> domains,
        Map<String, Address> hosts,
        Map<String, Address> paths,
        @Nullable Address fallback,
        Map<String, Address> passes) {
    /** Services below {@code localhost}, which browsers and most resolvers lead to this machine. */
    public static final GatewayRules DEFAULT =
            new GatewayRules(List.of("localhost"), Map.of(), Map.of(), null, Map.of());

    public GatewayRules {
        domains = domains.stream().map(GatewayRules::host).toList();
        hosts = byHost(hosts);
        passes = byHost(passes);
        Map<String, Address> prefixes = new HashMap<>();
        paths.forEach((path, address) -> prefixes.put(prefix(path), address));
        paths = Map.copyOf(prefixes);
    }

    private static Map<String, Address> byHost(Map<String, Address> addresses) {
        Map<String, Address> lower = new HashMap<>();
        addresses.forEach((host, address) -> lower.put(host(host), address));
        return Map.copyOf(lower);
    }

    private static String host(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (!HostName.isSound(lower) || lower.endsWith(".")) {
            throw new IllegalArgumentException(
                    "host '" + text + "' (expected: a name as www.example.com, without a port)");
        }
        return lower;
    }

    private static String prefix(String text) {
        if (!text.startsWith("/") || text.indexOf('?') >= 0 || text.indexOf('#') >= 0) {
            throw new IllegalArgumentException("path '" + text + "' (expected: a prefix as /api)");
        }
        return text.length() > 1 && text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    /** One more domain, in place of the default one. */
    public GatewayRules withDomain(String domain) {
        List<String> more = new ArrayList<>(domains.equals(DEFAULT.domains) ? List.of() : domains);
        more.add(domain);
        return new GatewayRules(more, hosts, paths, fallback, passes);
    }

    public GatewayRules withHost(String host, Address address) {
        Map<String, Address> more = new HashMap<>(hosts);
        more.put(host, address);
        return new GatewayRules(domains, more, paths, fallback, passes);
    }

    public GatewayRules withPath(String path, Address address) {
        Map<String, Address> more = new HashMap<>(paths);
        more.put(path, address);
        return new GatewayRules(domains, hosts, more, fallback, passes);
    }

    public GatewayRules withPass(String host, Address address) {
        Map<String, Address> more = new HashMap<>(passes);
        more.put(host, address);
        return new GatewayRules(domains, hosts, paths, fallback, more);
    }

    public GatewayRules withFallback(Address newFallback) {
        return new GatewayRules(domains, hosts, paths, newFallback, passes);
    }
}
