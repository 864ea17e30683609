package dev.culvert.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.culvert.node.ProxyProtocol;
import dev.culvert.node.Target;
import dev.culvert.node.TargetOptions;
import dev.culvert.node.TargetTrust;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a target is to be spoken to, in the words of options, of the agent's file and of other commands. <em>Immutable.</em>
 *
 * @param targetCa file with the authorities of a target with TLS; empty: the system's
 * @param targetInsecure any certificate will do
 * @param hostHeader what gateways put in place of the Host; empty: nothing
 * @param proxyProtocol {@code v1} or {@code v2}; empty: none
 * @param http2 gateways speak HTTP/2 to it
 */
@JsonInclude(JsonInclude.Include.NON_DEFAULT)
record TargetWords(String targetCa, boolean targetInsecure, String hostHeader, String proxyProtocol, boolean http2) {
    static final TargetWords NONE = new TargetWords(null, false, null, null, false);

    TargetWords(
            @Nullable String targetCa,
            boolean targetInsecure,
            @Nullable String hostHeader,
            @Nullable String proxyProtocol,
            boolean http2) {
        this.targetCa = targetCa == null ? "" : targetCa;
        this.targetInsecure = targetInsecure;
        this.hostHeader = hostHeader == null ? "" : hostHeader;
        this.proxyProtocol = proxyProtocol == null ? "" : proxyProtocol;
        this.http2 = http2;
    }

    /** For a process that runs elsewhere: files by their whole path. */
    TargetWords absolute() {
        String whole =
                targetCa.isEmpty() ? "" : Path.of(targetCa).toAbsolutePath().toString();
        return new TargetWords(whole, targetInsecure, hostHeader, proxyProtocol, http2);
    }

    /** Reads the file, if one is named. */
    TargetOptions options(Target target) throws Failure {
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
