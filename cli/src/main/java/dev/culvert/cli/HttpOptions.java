package dev.culvert.cli;

import dev.culvert.api.Address;
import dev.culvert.api.PublicTerms;
import dev.culvert.gateway.GatewayOptions;
import dev.culvert.gateway.GatewayRules;
import dev.culvert.gateway.GatewayTimes;
import dev.culvert.gateway.TrustedProxies;
import dev.culvert.node.Target;
import dev.culvert.policy.NamePatterns;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
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
            names = "--https",
            paramLabel = "ADDRESS",
            description = "Take HTTP over TLS here, as 0.0.0.0:443, HTTP/2 among it; needs --https-certs.")
    @Nullable
    String listenSecurely;

    @Option(
            names = "--https-certs",
            paramLabel = "FOLDER",
            description = {
                "NAME.pem (certificate and chain) and NAME.key for each certificate; which one serves a host is what stands in",
                "it, the first by name serves the rest. Read again when they change."
            })
    @Nullable
    Path certificates;

    @Option(
            names = "--https-pass",
            paramLabel = "HOST=NAME",
            description = {
                "What comes to --https for this very host goes to the service as it is, with its own TLS; may be repeated. Services",
                "may ask for it themselves: expose --public --pass-tls."
            })
    List<String> passes = new ArrayList<>();

    @Option(
            names = "--https-pass-idle",
            paramLabel = "TIME",
            defaultValue = "10m",
            description = {
                "How long a connection whose TLS passes may be silent in both directions before it is closed; 0s: for ever. Default:",
                "${DEFAULT-VALUE}."
            })
    String passIdle = "10m";

    @Option(
            names = "--https-client-ca",
            paramLabel = "FILE",
            description = {
                "Ask clients for a certificate that one of these authorities (PEM) signed; it is a credential, and lines NAME",
                "cert:CERTIFICATE-NAME dial=... of --tokens say for what. Read again when it changes."
            })
    @Nullable
    Path clientAuthorities;

    @Option(names = "--https-client-header", description = "Tell services the client's certificate, in Client-Cert.")
    boolean clientHeader;

    @Option(names = "--https-redirect", description = "What comes to --http is sent on to --https.")
    boolean redirect;

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
            names = "--http-allow-from",
            paramLabel = "NAMES=NETWORKS",
            description = {
                "Calls of these services come from these addresses only, as web,shop-*=10.0.0.0/8,2001:db8::/32, whatever their",
                "agents say; may be repeated."
            })
    List<String> allowFrom = new ArrayList<>();

    @Option(
            names = "--http-basic-auth",
            paramLabel = "NAMES=USER:@FILE",
            description = {
                "Who calls these services without a credential shows a user and the password in the file, or of",
                "USER:env:VARIABLE, as well as what their agents ask for; may be repeated."
            })
    List<String> basicAuth = new ArrayList<>();

    @Option(
            names = "--http-trust",
            paramLabel = "NETWORK",
            description = "Proxies whose Forwarded and X-Forwarded-* headers count, as 10.0.0.0/8; may be repeated.")
    List<String> trusted = new ArrayList<>();

    @Option(
            names = "--http-balancer",
            paramLabel = "NETWORK",
            description = {
                "Load balancers (10.0.0.0/8) whose connections to --http and --https begin with a PROXY header, v1 or v2, which says",
                "who the client is; may be repeated."
            })
    List<String> balancers = new ArrayList<>();

    @Option(
            names = "--http-timeout",
            paramLabel = "TIME",
            defaultValue = "60s",
            description = "How long an answer may take to begin. Default: ${DEFAULT-VALUE}.")
    String timeout = "60s";

    @Option(names = "--http-log", paramLabel = "FILE", description = "Write a line of JSON for each request.")
    @Nullable
    Path log;

    @Option(
            names = "--http-metrics",
            paramLabel = "ADDRESS",
            description = "Let Prometheus read http://ADDRESS/metrics, as 127.0.0.1:7444; loopback only.")
    @Nullable
    String metrics;

    @Mixin
    BackstreamSwitches backstream = new BackstreamSwitches();

    /** Where it listens; null: nowhere. */
    @Nullable
    Target target() throws Failure {
        if (listen == null && listenSecurely == null && backstream.on) {
            throw Failure.usage("--backstream needs a port: say --http 0.0.0.0:7480 or --https too");
        }
        return target("--http", listen);
    }

    /** Where it listens with TLS; null: nowhere. */
    @Nullable
    Target secureTarget() throws Failure {
        if (listenSecurely != null && certificates == null) {
            throw Failure.usage(
                    "--https " + listenSecurely + ": without certificates (expected: --https-certs FOLDER)");
        }
        boolean some = certificates != null || redirect || clientAuthorities != null || !passes.isEmpty();
        if (listenSecurely == null && some) {
            throw Failure.usage("--https-certs, --https-redirect, --https-pass, --https-client-ca: are about TLS"
                    + " (expected: --https ADDRESS)");
        }
        if (clientHeader && clientAuthorities == null) {
            throw Failure.usage(
                    "--https-client-header: no certificate is asked for (expected: --https-client-ca FILE)");
        }
        return target("--https", listenSecurely);
    }

    /** Where metrics are read; null: nowhere. It names services to whoever comes. */
    @Nullable
    Target metricsTarget() throws Failure {
        Target target = target("--http-metrics", metrics);
        if (target != null && listen == null && listenSecurely == null) {
            throw Failure.usage("--http-metrics " + metrics + ": of what? (expected: --http or --https too)");
        }
        if (target instanceof Target.Tcp tcp && !Services.isLoopback(tcp.host())) {
            throw Failure.usage("--http-metrics " + metrics + ": would show everyone who reaches it what is called here"
                    + " (expected: 127.0.0.1:" + tcp.port() + " or unix:/path)");
        }
        return target;
    }

    /** Null: clients are not asked for certificates. */
    @Nullable
    Path clientAuthorities(RelayDoor door) throws Failure {
        if (clientAuthorities != null && !door.hasTokens()) {
            throw Failure.usage("--https-client-ca " + clientAuthorities + ": nothing says what a certificate may do"
                    + " (expected: --tokens FILE with lines NAME cert:edge.example.com dial=...)");
        }
        return clientAuthorities;
    }

    private static @Nullable Target target(String option, @Nullable String text) throws Failure {
        try {
            return text == null ? null : Target.parse(text);
        } catch (IllegalArgumentException e) {
            throw Failure.usage(option + ": " + e.getMessage());
        }
    }

    /** As a browser would name it. */
    private int redirectPort() throws Failure {
        if (!redirect) {
            return 0;
        }
        if (secureTarget() instanceof Target.Tcp tcp && tcp.port() != 0) {
            return tcp.port();
        }
        throw Failure.usage(
                "--https-redirect: to --https " + listenSecurely + " (expected: HOST:PORT with a fixed port)");
    }

    NamePatterns publicNames() throws Failure {
        return names("--http-public", publicNames);
    }

    /** Terms that hold beside those of the agents. */
    List<HttpAccess.Rule> accessRules(Surroundings surroundings) throws Failure {
        List<HttpAccess.Rule> rules = new ArrayList<>();
        for (String text : allowFrom) {
            Services.Pair pair = Services.pair(text, "--http-allow-from NAMES=NETWORKS");
            PublicTerms terms = PublicWords.networks("--http-allow-from", List.of(pair.value()), PublicTerms.ANYONE);
            rules.add(new HttpAccess.Rule(names("--http-allow-from", pair.name()), terms));
        }
        Map<String, List<String>> users = new LinkedHashMap<>();
        for (String text : basicAuth) {
            Services.Pair pair = Services.pair(text, "--http-basic-auth NAMES=USER:@FILE");
            users.computeIfAbsent(pair.name(), names -> new ArrayList<>()).add(pair.value());
        }
        for (Map.Entry<String, List<String>> entry : users.entrySet()) {
            PublicTerms terms = PublicWords.passwords(
                    "--http-basic-auth", entry.getValue(), surroundings.env(), PublicTerms.ANYONE);
            rules.add(new HttpAccess.Rule(names("--http-basic-auth", entry.getKey()), terms));
        }
        return rules;
    }

    private static NamePatterns names(String option, String text) throws Failure {
        try {
            return NamePatterns.parse(text);
        } catch (IllegalArgumentException e) {
            throw Failure.usage(option + ": " + e.getMessage());
        }
    }

    GatewayOptions options() throws Failure {
        try {
            return GatewayOptions.DEFAULT
                    .withRules(rules())
                    .withTimes(GatewayTimes.DEFAULT
                            .withResponse(time("--http-timeout", timeout))
                            .withPassage(time("--https-pass-idle", passIdle)))
                    .withTrusted(proxies("--http-trust", trusted))
                    .withBalancers(proxies("--http-balancer", balancers))
                    .withTellsCertificates(clientHeader)
                    .withRedirectPort(redirectPort());
        } catch (IllegalArgumentException e) {
            throw Failure.usage("--http: " + e.getMessage());
        }
    }

    private static Duration time(String option, String text) throws Failure {
        try {
            return Units.duration(text);
        } catch (IllegalArgumentException e) {
            throw Failure.usage(option + ": " + e.getMessage());
        }
    }

    private static TrustedProxies proxies(String option, List<String> networks) throws Failure {
        try {
            return TrustedProxies.of(networks);
        } catch (IllegalArgumentException e) {
            throw Failure.usage(option + ": " + e.getMessage());
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
        for (String text : passes) {
            Services.Pair pair = Services.pair(text, "--https-pass HOST=NAME");
            rules = rules.withPass(pair.name(), Address.parse(pair.value()));
        }
        return fallback == null ? rules : rules.withFallback(Address.parse(fallback));
    }
}
