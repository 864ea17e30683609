package dev.culvert.link.transport;

import dev.culvert.policy.UntrustedRelay;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Words for what went wrong, and whether trying again can help. <em>Immutable.</em> */
final class ConnectFailures {
    /** Answers that only a person can change; everything else may be a balancer that is between two relays. */
    private static final Set<Integer> LASTING_STATUS = Set.of(400, 401, 403, 405, 407, 426);

    private static final Pattern PROXY_STATUS = Pattern.compile("status: (\\d{3})");

    private final Endpoint endpoint;
    private final ConnectOptions options;

    ConnectFailures(Endpoint endpoint, ConnectOptions options) {
        this.endpoint = endpoint;
        this.options = options;
    }

    ConnectFailed atLocal(String step, @Nullable Throwable cause) {
        return failed(step, true, "nobody listens there: " + Causes.text(cause), "start the relay", cause);
    }

    ConnectFailed atResolve(String host, @Nullable Throwable cause) {
        return failed(
                "resolve",
                true,
                "host name '" + host + "' has no address: " + Causes.text(cause),
                "check the name and this machine's DNS",
                cause);
    }

    ConnectFailed atTcp(@Nullable Throwable cause) {
        return failed(
                "tcp", true, Causes.text(cause), "check that the relay runs and that no firewall is between", cause);
    }

    ConnectFailed atProxySettings(IllegalArgumentException cause) {
        return failed("proxy", false, Causes.text(cause), "correct it or unset it", cause);
    }

    ConnectFailed atProxy(Proxy.Http proxy, @Nullable Throwable cause) {
        Matcher status = PROXY_STATUS.matcher(Causes.text(cause));
        int code = status.find() ? Integer.parseInt(status.group(1)) : 0;
        String what = code == 0 ? Causes.text(cause) : "it answered " + code;
        String next = code == 407
                ? "give user and password: http://user:password@host:port"
                : "check that the proxy permits CONNECT to the relay";
        return failed("proxy", !LASTING_STATUS.contains(code), proxy + ": " + what, next, cause);
    }

    ConnectFailed atTls(@Nullable Throwable cause) {
        UntrustedRelay untrusted = Causes.find(UntrustedRelay.class, cause);
        if (untrusted != null) {
            return new ConnectFailed(
                    "tls", untrusted.retryHelps(), endpoint + ": tls: " + Causes.text(untrusted), untrusted);
        }
        CertificateException certificate = Causes.find(CertificateException.class, cause);
        if (certificate != null) {
            return failed(
                    "tls",
                    isAboutTime(certificate),
                    "the certificate is not trusted: " + Causes.text(Causes.deepest(certificate)),
                    "use a join string, which pins the relay's key, or a certificate for this host",
                    cause);
        }
        return failed(
                "tls",
                true,
                Causes.text(cause),
                "check that a relay listens there, and nothing between ends TLS",
                cause);
    }

    ConnectFailed atUpgrade(@Nullable Throwable cause) {
        int status = cause instanceof WebSocketUpgrade.Refused refused ? refused.status() : 0;
        return failed(
                "websocket",
                !LASTING_STATUS.contains(status),
                Causes.text(cause),
                "check the path, " + Endpoint.WEBSOCKET_PATH + " at a relay, and what proxies are between",
                cause);
    }

    ConnectFailed closed(Throwable cause) {
        return failed("tcp", true, "the other side closed the connection", "look at the relay's log", cause);
    }

    private ConnectFailed failed(String step, boolean retryHelps, String what, String next, @Nullable Throwable cause) {
        return new ConnectFailed(
                step,
                retryHelps,
                endpoint + ": " + step + ": " + what + " (expected: " + expected(step) + "); " + next,
                cause);
    }

    private String expected(String step) {
        return switch (step) {
            case "resolve" -> "an address within " + options.resolveMillis() + " ms";
            case "tcp" -> "a connection within " + options.tcpMillis() + " ms";
            case "proxy" -> "an HTTP proxy that connects us";
            case "tls" -> "TLS 1.3 with a relay within " + options.tlsMillis() + " ms";
            case "websocket" -> "101 Switching Protocols within " + options.upgradeMillis() + " ms";
            default -> "a relay that listens";
        };
    }

    private static boolean isAboutTime(CertificateException certificate) {
        CertPathValidatorException path = Causes.find(CertPathValidatorException.class, certificate);
        return Causes.find(CertificateExpiredException.class, certificate) != null
                || Causes.find(CertificateNotYetValidException.class, certificate) != null
                || path != null
                        && (path.getReason() == BasicReason.EXPIRED || path.getReason() == BasicReason.NOT_YET_VALID);
    }
}
