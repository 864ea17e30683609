package dev.culvert.gateway;

/**
 * How the gateway serves. <em>Immutable.</em>
 *
 * @param rules which request is for which service
 * @param times how long it waits
 * @param limits what it bounds
 * @param trusted proxies in front of it
 * @param redirectPort requests without TLS are sent to https on this port; 0: they are served
 * @param balancers load balancers in front of it, each of whose connections begins with a header of the PROXY protocol
 * @param tellsCertificates services learn the certificates of clients, in {@code Client-Cert} (RFC 9440)
 */
public record GatewayOptions(
        GatewayRules rules,
        GatewayTimes times,
        GatewayLimits limits,
        TrustedProxies trusted,
        TrustedProxies balancers,
        int redirectPort,
        boolean tellsCertificates) {
    public static final GatewayOptions DEFAULT = new GatewayOptions(
            GatewayRules.DEFAULT,
            GatewayTimes.DEFAULT,
            GatewayLimits.DEFAULT,
            TrustedProxies.NONE,
            TrustedProxies.NONE,
            0,
            false);

    public GatewayOptions {
        if (redirectPort < 0 || redirectPort > 65535) {
            throw new IllegalArgumentException("redirectPort: " + redirectPort + " (expected: 0 to 65535)");
        }
    }

    public GatewayOptions withRules(GatewayRules newRules) {
        return new GatewayOptions(newRules, times, limits, trusted, balancers, redirectPort, tellsCertificates);
    }

    public GatewayOptions withTimes(GatewayTimes newTimes) {
        return new GatewayOptions(rules, newTimes, limits, trusted, balancers, redirectPort, tellsCertificates);
    }

    public GatewayOptions withLimits(GatewayLimits newLimits) {
        return new GatewayOptions(rules, times, newLimits, trusted, balancers, redirectPort, tellsCertificates);
    }

    public GatewayOptions withTrusted(TrustedProxies newTrusted) {
        return new GatewayOptions(rules, times, limits, newTrusted, balancers, redirectPort, tellsCertificates);
    }

    public GatewayOptions withBalancers(TrustedProxies newBalancers) {
        return new GatewayOptions(rules, times, limits, trusted, newBalancers, redirectPort, tellsCertificates);
    }

    public GatewayOptions withRedirectPort(int newRedirectPort) {
        return new GatewayOptions(rules, times, limits, trusted, balancers, newRedirectPort, tellsCertificates);
    }

    public GatewayOptions withTellsCertificates(boolean newTellsCertificates) {
        return new GatewayOptions(rules, times, limits, trusted, balancers, redirectPort, newTellsCertificates);
    }
}
