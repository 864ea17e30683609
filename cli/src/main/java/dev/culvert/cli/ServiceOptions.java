package dev.culvert.cli;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.culvert.api.PublicTerms;
import dev.culvert.node.ProxyProtocol;
import dev.culvert.node.Target;
import dev.culvert.node.TargetOptions;
import dev.culvert.node.TargetTrust;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/**
 * What may be said of a service beside its name and target: who may call it without a credential, and how its target is spoken to. The same
 * words are options of {@code expose} and {@code register}, keys of the agent's file, and members of a request to a running node. Owned by the
 * thread that reads them.
 */
@JsonAutoDetect(
        fieldVisibility = JsonAutoDetect.Visibility.ANY,
        getterVisibility = JsonAutoDetect.Visibility.NONE,
        isGetterVisibility = JsonAutoDetect.Visibility.NONE,
        setterVisibility = JsonAutoDetect.Visibility.NONE)
@JsonInclude(JsonInclude.Include.NON_DEFAULT)
final class ServiceOptions {
    @Option(names = "--public", description = "Anyone may call it through the relay's HTTP port, without a credential.")
    @JsonProperty("public")
    private boolean anyone;

    @Option(
            names = "--allow-from",
            paramLabel = "NETWORKS",
            description =
                    "With --public: callers from these addresses only, as 10.0.0.0/8,2001:db8::/32; may be repeated.")
    private List<String> allowFrom = new ArrayList<>();

    @Option(
            names = "--basic-auth",
            paramLabel = "USER:@FILE",
            description = {
                "With --public: callers show this user and the password in the file (its first line); or USER:env:VARIABLE; may",
                "be repeated. What the relay learns is a salted hash."
            })
    private List<String> basicAuth = new ArrayList<>();

    @Option(
            names = "--pass-tls",
            description = {
                "With --public: TLS for its host at the relay's --https port is not ended there but comes here as it is; the target",
                "shows its own certificate."
            })
    private boolean passTls;

    @Option(
            names = "--target-ca",
            paramLabel = "FILE",
            description = "Authorities, in PEM, of targets as https://host:8443, in place of the system's.")
    private String targetCa = "";

    @Option(
            names = "--target-insecure",
            description = "Take any certificate of targets as https://host:8443. Whoever is between reads all.")
    private boolean targetInsecure;

    @Option(
            names = "--host-header",
            paramLabel = "HOST",
            description = {
                "What HTTP requests through a relay's gateway name as their host, for servers that know one only;",
                "'target' stands for the target's own. By default it stays as it came."
            })
    private String hostHeader = "";

    @Option(
            names = "--proxy-protocol",
            paramLabel = "VERSION",
            description = "Tell targets the address of callers, as v1 (text) or v2 (binary).")
    private String proxyProtocol = "";

    @Option(
            names = "--http2",
            description = "A relay's gateway speaks HTTP/2 to targets, not for gRPC alone; with https:// by ALPN.")
    private boolean http2;

    /**
     * The same for whoever reads it elsewhere: files by their whole path, and hashes in place of passwords. Takes some hundredths of a second for
     * each password.
     *
     * @param env where passwords may stand
     */
    ServiceOptions resolved(Map<String, String> env) throws Failure {
        requireSense();
        ServiceOptions same = new ServiceOptions();
        same.anyone = anyone;
        same.allowFrom = List.copyOf(allowFrom);
        same.basicAuth = PublicWords.hashes("--basic-auth", basicAuth, env).stream()
                .map(hash -> hash.text())
                .toList();
        same.passTls = passTls;
        same.targetCa =
                targetCa.isEmpty() ? "" : Path.of(targetCa).toAbsolutePath().toString();
        same.targetInsecure = targetInsecure;
        same.hostHeader = hostHeader;
        same.proxyProtocol = proxyProtocol;
        same.http2 = http2;
        return same;
    }

    /** Reads the files of passwords, and hashes what is no hash yet. */
    PublicTerms publicTerms(Target target, Map<String, String> env) throws Failure {
        requireSense();
        if (!anyone) {
            return PublicTerms.NOBODY;
        }
        if (passTls && target instanceof Target.Https secure) {
            throw Failure.usage("--pass-tls: the target gets the TLS of clients as it is, and " + secure
                    + " would get it within TLS; expected " + secure.address());
        }
        PublicTerms terms = PublicWords.networks("--allow-from", allowFrom, PublicTerms.ANYONE);
        return PublicWords.passwords("--basic-auth", basicAuth, env, terms).withPassTls(passTls);
    }

    private void requireSense() throws Failure {
        if (!anyone && (!allowFrom.isEmpty() || !basicAuth.isEmpty() || passTls)) {
            throw Failure.usage("--allow-from, --basic-auth, --pass-tls: say how the public may call"
                    + " (expected: --public beside them)");
        }
        if (passTls && !basicAuth.isEmpty()) {
            throw Failure.usage("--pass-tls: the relay reads no password in TLS that it does not end"
                    + " (expected: without --basic-auth; let the target ask)");
        }
    }

    /** Reads the file with authorities, if one is named. */
    TargetOptions targetOptions(Target target) throws Failure {
        try {
            return new TargetOptions(
                    trust(target),
                    proxyProtocol.isEmpty() ? ProxyProtocol.NONE : ProxyProtocol.parse(proxyProtocol),
                    http2,
                    hostHeader);
        } catch (IllegalArgumentException e) {
            throw Failure.usage(e);
        }
    }

    private TargetTrust trust(Target target) throws Failure {
        if (targetCa.isEmpty() && !targetInsecure) {
            return TargetTrust.SYSTEM;
        }
        if (!(target instanceof Target.Https)) {
            throw Failure.usage((targetInsecure ? "--target-insecure" : "--target-ca") + ": is about TLS, and target "
                    + target + " is spoken to without; expected https://host:port");
        }
        if (!targetCa.isEmpty() && targetInsecure) {
            throw Failure.usage("--target-ca " + targetCa + " and --target-insecure: expected one of them");
        }
        try {
            return targetInsecure ? TargetTrust.ANYONE : TargetTrust.authorities(Path.of(targetCa));
        } catch (IOException e) {
            throw Failure.usage("--target-ca: " + e.getMessage());
        }
    }
}
