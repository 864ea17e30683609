package dev.culvert.api;

import java.util.regex.Pattern;

/**
 * What relays' gateways for HTTP are told of a service. <em>Immutable.</em>
 *
 * @param publicTerms who may call it there without a credential
 * @param hostHeader in place of the Host that a request names; empty: that one stays
 * @param http2 requests come in HTTP/2, not gRPC alone
 */
public record GatewayTerms(PublicTerms publicTerms, String hostHeader, boolean http2) {
    /** Who shows a credential may call it, in HTTP/1.1. */
    public static final GatewayTerms DEFAULT = new GatewayTerms(PublicTerms.NOBODY, "", false);

    private static final Pattern SOUND_HOST =
            Pattern.compile("([A-Za-z0-9_]([A-Za-z0-9_.-]{0,252})?|\\[[0-9a-fA-F:.]{2,45}\\])(:\\d{1,5})?");

    public GatewayTerms {
        if (!hostHeader.isEmpty() && !isHost(hostHeader)) {
            throw new IllegalArgumentException(
                    "host header '" + hostHeader + "' (expected: a name or an address, perhaps with a port)");
        }
    }

    /** Whether a Host may be so: a name or an address, perhaps with a port. */
    public static boolean isHost(String text) {
        return SOUND_HOST.matcher(text).matches();
    }

    public GatewayTerms withPublicTerms(PublicTerms newTerms) {
        return new GatewayTerms(newTerms, hostHeader, http2);
    }

    public GatewayTerms withHostHeader(String newHostHeader) {
        return new GatewayTerms(publicTerms, newHostHeader, http2);
    }

    public GatewayTerms withHttp2(boolean newHttp2) {
        return new GatewayTerms(publicTerms, hostHeader, newHttp2);
    }
}
