package dev.culvert.http2;

import io.netty.handler.ssl.SslContext;
import io.netty.util.Mapping;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * TLS that a {@link PrefaceListener} ends itself. <em>Immutable.</em> Without it the bytes pass as they are, and a server or client on
 * top may speak TLS.
 *
 * @param contexts the server's context for the host that a client asks for, or for the empty string if it asked for none
 * @param proving whether reversed connections must prove who they are by a client certificate; the contexts must then ask for one
 *     ({@link io.netty.handler.ssl.ClientAuth#OPTIONAL} leaves clients alone, {@code REQUIRE} does not)
 * @param identity the name that a certificate which the context trusts proves; empty: none
 */
public record PrefaceTls(
        Mapping<? super String, ? extends SslContext> contexts,
        boolean proving,
        Function<X509Certificate, String> identity) {
    private static final int DNS_NAME = 2;
    private static final Pattern COMMON_NAME = Pattern.compile("(?:^|,)CN=([^,+\"]+)");

    /** TLS for privacy; peers announce their names or have none. */
    public static PrefaceTls of(SslContext context) {
        return new PrefaceTls(host -> context, false, PrefaceTls::nameIn);
    }

    /** TLS by which reversed connections prove who they are; one without a certificate is refused. */
    public static PrefaceTls provingIdentities(SslContext context) {
        return new PrefaceTls(host -> context, true, PrefaceTls::nameIn);
    }

    /** The first DNS name of a certificate, else its common name, else nothing. */
    public static String nameIn(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            for (List<?> name : names == null ? List.<List<?>>of() : names) {
                if (name.get(0).equals(DNS_NAME)) {
                    return (String) name.get(1);
                }
            }
        } catch (CertificateParsingException e) {
            return ""; // who writes unreadable names proves none of them
        }
        Matcher common =
                COMMON_NAME.matcher(certificate.getSubjectX500Principal().getName());
        return common.find() ? common.group(1) : "";
    }
}
