package dev.culvert.gateway;

import dev.culvert.api.Address;
import dev.culvert.api.ErrorCode;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a caller has shown of itself. <em>Immutable.</em>
 *
 * @param credential of the request; null: none
 * @param certificate of the connection, which counts where there is no credential; null: none
 */
record Shown(@Nullable String credential, @Nullable ClientCertificate certificate) {
    private static final String BEARER = "Bearer ";

    static Shown of(HttpHeaders headers, @Nullable ClientCertificate certificate) throws Rejected {
        List<String> credentials = headers.getAll(HeaderRules.AUTHORIZATION);
        if (credentials.size() > 1) {
            throw new Rejected(HttpFault.badRequest("more than one Culvert-Authorization", "send one"));
        }
        String credential = credentials.isEmpty() ? null : credentials.get(0).strip();
        if (credential != null && credential.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            credential = credential.substring(BEARER.length()).strip();
        }
        return new Shown(credential, certificate);
    }

    boolean isNothing() {
        return credential == null && certificate == null;
    }

    /** Whether one with this may call a service, as things stand now. */
    Access.Verdict judge(GatewayParts parts, Address address) {
        return credential == null && certificate != null
                ? holder(parts, address, certificate)
                : parts.access().judge(address, credential);
    }

    /** A certificate is shown to every service, so what is open to anyone is open to its holder too. */
    private static Access.Verdict holder(GatewayParts parts, Address address, ClientCertificate certificate) {
        Access.Verdict held = certificate.untilMillis() > parts.nowMillis()
                ? parts.access().judgeCertificate(address, certificate.names())
                : new Access.Refused(
                        ErrorCode.EXPIRED, "the certificate of this connection has ended", "connect with one in force");
        if (held instanceof Access.Admitted) {
            return held;
        }
        Access.Verdict anyone = parts.access().judge(address, null);
        return anyone instanceof Access.Admitted ? anyone : held;
    }
}
