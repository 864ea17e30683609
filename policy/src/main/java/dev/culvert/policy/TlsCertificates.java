package dev.culvert.policy;

import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An operator's certificates. <em>Immutable.</em>
 *
 * @param own what this end shows; null: nothing
 * @param authorities whom it trusts; none: those of the JDK
 */
public record TlsCertificates(@Nullable RelayCertificate own, List<X509Certificate> authorities) {
    public TlsCertificates {
        authorities = List.copyOf(authorities);
    }
}
