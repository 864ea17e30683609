package dev.culvert.cli;

import dev.culvert.api.Address;
import dev.culvert.gateway.GatewayOptions;
import dev.culvert.gateway.GatewayRules;
import dev.culvert.gateway.GatewayTimes;
import dev.culvert.gateway.TrustedProxies;
import dev.culvert.node.Target;
import dev.culvert.policy.NamePatterns;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether and how a relay takes plain HTTP. Owned by the main thread. */
final class HttpOptions {
    @Option(
            names = "--http",
            paramLabel = "ADDRESS",
            description = "Take plain HTTP here, as 0.0.0.0:7480, and lead it to services; see docs/gateway.md.")
    @Nullable
    String listen;

    @Option(
            names = "--http-domain",
            paramLabel = "DOMAIN",
            description = {
                "service.DOMAIN and node.service.DOMAIN are services; may be repeated.",
                "Default: localhost."
            })
    List<String> domains = new ArrayList<>();

    @Option(
            names = "--http-host",
            paramLabel = "HOST=NAME",
            description = "Requests for this very host go to the service; may be repeated.")
    List<String> hosts = new ArrayList<>();

    @Option(
            names = "--http-path",
            paramLabel = "/PREFIX=NAME",
            description = "Requests for paths below go to the service; may be repeated.")
    List<String> paths = new ArrayList<>();

    @Option(names = "--http-fallback", paramLabel = "NAME", description = "The service for requests that name none.")
    @Nullable
    String fallback;

    @Option(
            names = "--http-public",
            paramLabel = "NAMES",
            defaultValue = "*",
            description = {
                "Services that may be public, as a,b-*, if their agent says so (expose --public).",
                "Default: ${DEFAULT-VALUE}."
            })
    String publicNames = "*";

    @Option(
            names = "--http-trust",
            paramLabel = "NETWORK",
            description = "Proxies whose Forwarded and X-Forwarded-* headers count, as 10.0.0.0/8; may be repeated.")
    List<String> trusted = new ArrayList<>();

    @Option(
            names = "--http-timeout",
            paramLabel = "TIME",
            defaultValue = "60s",
            description = "How long an answer may take to begin. Default: ${DEFAULT-VALUE}.")
    String timeout = "60s";

    @Option(names = "--http-log", paramLabel = "FILE", description = "Write a line of JSON for each request.")
    @Nullable
    Path log;

    /** Where it listens; null: nowhere. */
    @Nullable
    Target target() throws Failure {
        try {
            return listen == null ? null : Target.parse(listen);
        } catch (IllegalArgumentException e) {
            throw Failure.usage("--http: " + e.getMessage());
        }
    }

    NamePatterns publicNames() throws Failure {
        try {
            return NamePatterns.parse(publicNames);
        } catch (IllegalArgumentException e) {
            throw Failure.usage("--http-public: " + e.getMessage());
        }
    }

    GatewayOptions options() throws Failure {
        try {
            return GatewayOptions.DEFAULT
                    .withRules(rules())
                    .withTimes(GatewayTimes.DEFAULT.withResponse(Units.duration(timeout)))
                    .withTrusted(TrustedProxies.of(trusted));
        } catch (IllegalArgumentException e) {
            throw Failure.usage("--http: " + e.getMessage());
        }
    }

    private GatewayRules rules() throws Failure {
        GatewayRules rules = GatewayRules.DEFAULT;
        for (String domain : domains) {
            rules = rules.withDomain(domain);
        }
        for (String text : hosts) {
            Services.Pair pair = Services.pair(text, "--http-host HOST=NAME");
            rules = rules.withHost(pair.name(), Address.parse(pair.value()));
        }
        for (String text : paths) {
            Services.Pair pair = Services.pair(text, "--http-path /PREFIX=NAME");
            rules = rules.withPath(pair.name(), Address.parse(pair.value()));
        }
        return fallback == null ? rules : rules.withFallback(Address.parse(fallback));
    }
}
