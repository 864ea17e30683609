package dev.culvert.gateway;

import dev.culvert.api.Address;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Decides which service a request is for: once, from the same bytes that everything later uses. <em>Immutable.</em> Pure.
 */
final class Routing {
    static final String TARGET = "culvert-target";
    static final String CLIENT_ID = "x-backstream-client-id";

    private final GatewayRules rules;
    private final Predicate<String> clients;

    /** @param clients which ids of backstream's clients are names as they are, whatever an address may be */
    Routing(GatewayRules rules, Predicate<String> clients) {
        this.rules = rules;
        this.clients = clients;
    }

    /** Where a request goes, or why nowhere. Exactly one of the two is there. */
    record Choice(@Nullable Address address, @Nullable HttpFault fault) {
        static Choice to(Address address) {
            return new Choice(address, null);
        }

        static Choice none(HttpFault fault) {
            return new Choice(null, fault);
        }
    }

    /**
     * @param host null: the request named none
     * @param path of the request target, still escaped, with or without a query
     */
    Choice choose(HttpHeaders headers, @Nullable HostName host, String path) {
        List<String> targets = headers.getAll(TARGET);
        List<String> ids = headers.getAll(CLIENT_ID);
        if (!targets.isEmpty() || !ids.isEmpty()) {
            return byHeader(targets, ids);
        }
        if (host != null && rules.passes().containsKey(host.name())) {
            return Choice.none(passed(host));
        }
        Address exact = host == null ? null : rules.hosts().get(host.name());
        if (exact != null) {
            return Choice.to(exact);
        }
        Choice byPath = byPath(path);
        if (byPath != null) {
            return byPath;
        }
        return byDomain(host);
    }

    /**
     * Where a connection goes whose TLS is perhaps not ended here, by the name in its handshake alone.
     */
    Passed chooseTls(HostName host) {
        Address said = rules.passes().get(host.name());
        if (said != null) {
            return new Passed(said, true);
        }
        Address exact = rules.hosts().get(host.name());
        return new Passed(exact != null ? exact : belowDomain(host), false);
    }

    /**
     * @param address null: the host leads to no service
     * @param certain whether the host's TLS is its service's own, whatever the service says
     */
    record Passed(@Nullable Address address, boolean certain) {}

    private @Nullable Address belowDomain(HostName host) {
        Choice choice = rules.domains().stream().anyMatch(domain -> host.name().endsWith("." + domain))
                ? byDomain(host)
                : Choice.none(nowhere(host));
        return choice.address();
    }

    private Choice byHeader(List<String> targets, List<String> ids) {
        if (targets.size() + ids.size() > 1) {
            return Choice.none(HttpFault.badRequest(
                    "the request names its service more than once: " + TARGET + " " + targets + ", " + CLIENT_ID + " "
                            + ids,
                    "send one of the two headers, once"));
        }
        if (!targets.isEmpty()) {
            return parse(TARGET, targets.get(0));
        }
        return clients.test(ids.get(0)) ? Choice.to(Address.service(ids.get(0))) : parse(CLIENT_ID, ids.get(0));
    }

    private static Choice parse(String source, String text) {
        try {
            Address address = Address.parse(text);
            if (address.service().startsWith("$")) {
                return Choice.none(reserved(source, text));
            }
            return Choice.to(address);
        } catch (IllegalArgumentException e) {
            return Choice.none(HttpFault.badRequest(
                    source + ": " + e.getMessage(), "name a service as it was exposed: web, edge7.web, :80"));
        }
    }

    private static HttpFault reserved(String source, String text) {
        return HttpFault.badRequest(
                source + " '" + text + "': names with $ belong to Culvert itself", "name a service as it was exposed");
    }

    private @Nullable Choice byPath(String path) {
        String best = "";
        for (String prefix : rules.paths().keySet()) {
            if (prefix.length() > best.length() && covers(prefix, path)) {
                best = prefix;
            }
        }
        Address address = rules.paths().get(best);
        if (address == null) {
            return null;
        }
        return hasDotSegments(path)
                ? Choice.none(HttpFault.badRequest(
                        "the path has segments . or .. and the service is chosen by path",
                        "send the path that they lead to"))
                : Choice.to(address);
    }

    private static boolean covers(String prefix, String path) {
        return prefix.equals("/")
                || path.startsWith(prefix)
                        && (path.length() == prefix.length() || "/?".indexOf(path.charAt(prefix.length())) >= 0);
    }

    /** Also where the dots, or the slashes beside them, are escaped: a service may read them as such. */
    static boolean hasDotSegments(String target) {
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        for (String segment : path.toLowerCase(Locale.ROOT).split("/|\\\\|%2f|%5c", -1)) {
            String plain = segment.replace("%2e", ".");
            int parameter = plain.indexOf(';');
            String name = parameter < 0 ? plain : plain.substring(0, parameter);
            if (name.equals(".") || name.equals("..")) {
                return true;
            }
        }
        return false;
    }

    private Choice byDomain(@Nullable HostName host) {
        if (host != null) {
            for (String domain : rules.domains()) {
                if (host.name().endsWith("." + domain)) {
                    return parse(
                            "host " + host.name(),
                            host.name().substring(0, host.name().length() - domain.length() - 1));
                }
            }
        }
        Address fallback = rules.fallback();
        return fallback == null ? Choice.none(nowhere(host)) : Choice.to(fallback);
    }

    /** A client may use one connection for all hosts that our certificate names, this one among them. RFC 9113, 9.1.1 */
    private static HttpFault passed(HostName host) {
        return HttpFault.of(
                HttpResponseStatus.MISDIRECTED_REQUEST,
                "host " + host.name()
                        + " is served by its service's own TLS, and by nothing that this gateway has read",
                "call it over https, on a connection of its own");
    }

    private HttpFault nowhere(@Nullable HostName host) {
        String said = host == null ? "no host" : "host " + host.name();
        String next = "name a service: curl -H 'culvert-target: web' ..., or http://web."
                + (rules.domains().isEmpty() ? "DOMAIN" : rules.domains().get(0)) + "/";
        boolean strange = host != null && !isOurs(host);
        return HttpFault.of(
                strange ? HttpResponseStatus.MISDIRECTED_REQUEST : HttpResponseStatus.NOT_FOUND,
                said + " and this path lead to no service here",
                next);
    }

    /** An address or the bare domain: somebody looked what is here. */
    private boolean isOurs(HostName host) {
        boolean address = host.name().startsWith("[") || host.name().matches("[0-9.]+");
        return address || rules.domains().contains(host.name());
    }
}
