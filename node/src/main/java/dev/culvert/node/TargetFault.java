package dev.culvert.node;

import dev.culvert.link.transport.Causes;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Words for why TLS with a target has failed. <em>Stateless.</em> Pure. */
final class TargetFault {
    static final String NO_HTTP_2 = "it does not agree to HTTP/2 (ALPN)";

    /** {@code error:10000410:SSL routines:OPENSSL_internal:SSLV3_ALERT_HANDSHAKE_FAILURE} */
    private static final Pattern NATIVE = Pattern.compile("^error:\\w+:SSL routines:\\w+:");

    private TargetFault() {}

    static String text(@Nullable Throwable cause) {
        CertificateException certificate = Causes.find(CertificateException.class, cause);
        if (certificate != null) {
            return "TLS: its certificate is not trusted: " + Causes.text(Causes.deepest(certificate))
                    + " (expected: one for this host, by an authority that this machine knows or that --target-ca names)";
        }
        if (Causes.find(NotSslRecordException.class, cause) != null) {
            return "TLS: what answers there speaks none (expected: TLS; without it the target is named without https://)";
        }
        if (Causes.find(SslHandshakeTimeoutException.class, cause) != null) {
            return "TLS: no answer in time";
        }
        if (Causes.find(ClosedChannelException.class, cause) != null) {
            return "TLS: it closed the connection in the handshake";
        }
        return "TLS: " + NATIVE.matcher(Causes.text(cause)).replaceFirst("");
    }
}
