package dev.culvert.link.transport;

import dev.culvert.policy.RelayCertificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link LinkPort} takes. <em>Immutable.</em>
 *
 * @param certificate for TLS, asked for each connection, so that a renewed one is used at once; must not block; null: TLS is refused
 * @param clear whether links and WebSockets in clear are taken over TCP
 * @param origins the Origins that may open WebSockets; requests without an Origin (not from a browser) always may
 * @param balancers addresses ({@code 10.0.0.0/8}) of load balancers, whose connections may begin with a PROXY v2 header
 * @param limits before authentication
 * @param clientAuthorities whose certificates diallers must show, asked for each connection; none: as {@code context} trusts; null: diallers need none
 * @param context an embedder's own TLS, instead of {@code certificate}; the JDK's engine
 */
public record LinkPortOptions(
        @Nullable Supplier<RelayCertificate> certificate,
        boolean clear,
        Set<String> origins,
        List<String> balancers,
        AcceptLimits limits,
        @Nullable Supplier<List<X509Certificate>> clientAuthorities,
        @Nullable SSLContext context) {
    public static final LinkPortOptions DEFAULT =
            new LinkPortOptions(null, false, Set.of(), List.of(), AcceptLimits.DEFAULT, null, null);

    public LinkPortOptions {
        origins = Set.copyOf(origins);
        balancers = List.copyOf(balancers);
    }

    public LinkPortOptions withCertificate(Supplier<RelayCertificate> newCertificate) {
        return new LinkPortOptions(newCertificate, clear, origins, balancers, limits, clientAuthorities, context);
    }

    public LinkPortOptions withCertificate(RelayCertificate newCertificate) {
        return withCertificate(() -> newCertificate);
    }

    public LinkPortOptions withClear(boolean newClear) {
        return new LinkPortOptions(certificate, newClear, origins, balancers, limits, clientAuthorities, context);
    }

    public LinkPortOptions withOrigins(Set<String> newOrigins) {
        return new LinkPortOptions(certificate, clear, newOrigins, balancers, limits, clientAuthorities, context);
    }

    public LinkPortOptions withBalancers(List<String> newBalancers) {
        return new LinkPortOptions(certificate, clear, origins, newBalancers, limits, clientAuthorities, context);
    }

    public LinkPortOptions withLimits(AcceptLimits newLimits) {
        return new LinkPortOptions(certificate, clear, origins, balancers, newLimits, clientAuthorities, context);
    }

    public LinkPortOptions withClientAuthorities(Supplier<List<X509Certificate>> authorities) {
        return new LinkPortOptions(certificate, clear, origins, balancers, limits, authorities, context);
    }

    public LinkPortOptions withContext(SSLContext newContext) {
        return new LinkPortOptions(null, clear, origins, balancers, limits, clientAuthorities, newContext);
    }
}
