package dev.culvert.gateway;

/**
 * How the gateway serves. <em>Immutable.</em>
 *
 * @param rules which request is for which service
 * @param times how long it waits
 * @param limits what it bounds
 * @param trusted proxies in front of it
 */
public record GatewayOptions(GatewayRules rules, GatewayTimes times, GatewayLimits limits, TrustedProxies trusted) {
    public static final GatewayOptions DEFAULT =
            new GatewayOptions(GatewayRules.DEFAULT, GatewayTimes.DEFAULT, GatewayLimits.DEFAULT, TrustedProxies.NONE);

    public GatewayOptions withRules(GatewayRules newRules) {
        return new GatewayOptions(newRules, times, limits, trusted);
    }

    public GatewayOptions withTimes(GatewayTimes newTimes) {
        return new GatewayOptions(rules, newTimes, limits, trusted);
    }

    public GatewayOptions withLimits(GatewayLimits newLimits) {
        return new GatewayOptions(rules, times, newLimits, trusted);
    }

    public GatewayOptions withTrusted(TrustedProxies newTrusted) {
        return new GatewayOptions(rules, times, limits, newTrusted);
    }
}
