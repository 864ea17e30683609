package dev.culvert.node;

import dev.culvert.api.GatewayTerms;

/**
 * How a target is spoken to. <em>Immutable.</em>
 *
 * @param trust for a target with TLS
 * @param proxyProtocol whether it is told the caller's address
 * @param http2 a gateway speaks HTTP/2 to it: without TLS by prior knowledge, with TLS by ALPN; callers of a target with TLS must, too
 * @param hostHeader what a gateway puts in place of the Host that a request names; {@link #OWN_HOST}: the target's own; empty: nothing
 */
public record TargetOptions(TargetTrust trust, ProxyProtocol proxyProtocol, boolean http2, String hostHeader) {
    public static final TargetOptions DEFAULT = new TargetOptions(TargetTrust.SYSTEM, ProxyProtocol.NONE, false, "");

    /** Stands for the target's host and port. */
    public static final String OWN_HOST = "target";

    public TargetOptions {
        if (!hostHeader.isEmpty() && !GatewayTerms.isHost(hostHeader)) {
            throw new IllegalArgumentException("host header '" + hostHeader
                    + "' (expected: a name or an address, perhaps with a port, or " + OWN_HOST + ")");
        }
    }

    public TargetOptions withTrust(TargetTrust newTrust) {
        return new TargetOptions(newTrust, proxyProtocol, http2, hostHeader);
    }

    public TargetOptions withProxyProtocol(ProxyProtocol newProtocol) {
        return new TargetOptions(trust, newProtocol, http2, hostHeader);
    }

    public TargetOptions withHttp2(boolean newHttp2) {
        return new TargetOptions(trust, proxyProtocol, newHttp2, hostHeader);
    }

    public TargetOptions withHostHeader(String newHostHeader) {
        return new TargetOptions(trust, proxyProtocol, http2, newHostHeader);
    }

    /** What a gateway has to know of it. */
    HttpTerms httpTerms(Target target) {
        return new HttpTerms(
                hostHeader.equals(OWN_HOST) ? ownHost(target) : hostHeader,
                http2,
                target instanceof Target.Https,
                proxyProtocol != ProxyProtocol.NONE);
    }

    /** As browsers write it: without the usual port. */
    private static String ownHost(Target target) {
        if (target instanceof Target.Unix) {
            return "localhost";
        }
        String usual = target instanceof Target.Https ? ":443" : ":80";
        String text = (target instanceof Target.Https secure ? secure.address() : target).toString();
        return text.endsWith(usual) ? text.substring(0, text.length() - usual.length()) : text;
    }
}
