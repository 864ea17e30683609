package dev.culvert.api;

/**
 * How to offer a service. <em>Immutable.</em>
 *
 * @param port virtual port, unsigned; 0: none
 * @param shared other nodes may offer the name too, if they say so as well; a dial takes one of them
 * @param publicPort TCP port at the relay that shall lead to the service; 0: any; -1: none
 * @param backlog callers that may wait for {@link StreamListener#accept()}; more are refused BUSY
 * @param handlers callers that a {@link StreamAcceptor} may serve at once; more are refused BUSY. (Before Java 21 all handlers of a
 *     node share 512 threads.)
 * @param mode what the service's streams carry; a stream opened in another is refused PROTOCOL
 * @param gateways what relays' gateways for HTTP are told: who may call it there without a credential, and how it is spoken to
 * @param anyPort the node chooses a virtual port, from 65,536 to 2,147,483,647; {@link Binding#port()} says which
 */
public record BindOptions(
        int port,
        boolean shared,
        int publicPort,
        int backlog,
        int handlers,
        StreamMode mode,
        GatewayTerms gateways,
        boolean anyPort) {
    public static final BindOptions DEFAULT =
            new BindOptions(0, false, -1, 1024, Integer.MAX_VALUE, StreamMode.BYTES, GatewayTerms.DEFAULT, false);

    public BindOptions {
        if (publicPort < -1 || publicPort > 65535) {
            throw new IllegalArgumentException("publicPort: " + publicPort + " (expected: -1 to 65535)");
        }
        if (anyPort && port != 0) {
            throw new IllegalArgumentException(
                    "port: " + Integer.toUnsignedString(port) + " (expected: 0, since the node shall choose)");
        }
        if (backlog < 1) {
            throw new IllegalArgumentException("backlog: " + backlog + " (expected: >= 1)");
        }
        if (handlers < 1) {
            throw new IllegalArgumentException("handlers: " + handlers + " (expected: >= 1)");
        }
    }

    public BindOptions withPort(int newPort) {
        return new BindOptions(newPort, shared, publicPort, backlog, handlers, mode, gateways, false);
    }

    /** A virtual port that the node chooses, with or without a name beside it. */
    public BindOptions withAnyPort() {
        return new BindOptions(0, shared, publicPort, backlog, handlers, mode, gateways, true);
    }

    public BindOptions withShared(boolean newShared) {
        return new BindOptions(port, newShared, publicPort, backlog, handlers, mode, gateways, anyPort);
    }

    public BindOptions withPublicPort(int newPublicPort) {
        return new BindOptions(port, shared, newPublicPort, backlog, handlers, mode, gateways, anyPort);
    }

    public BindOptions withBacklog(int newBacklog) {
        return new BindOptions(port, shared, publicPort, newBacklog, handlers, mode, gateways, anyPort);
    }

    public BindOptions withHandlers(int newHandlers) {
        return new BindOptions(port, shared, publicPort, backlog, newHandlers, mode, gateways, anyPort);
    }

    public BindOptions withMode(StreamMode newMode) {
        return new BindOptions(port, shared, publicPort, backlog, handlers, newMode, gateways, anyPort);
    }

    /** See {@link #withPublicTerms}, {@link #withHttp2} and {@link #withHostHeader}. */
    public BindOptions withGateways(GatewayTerms newGateways) {
        return new BindOptions(port, shared, publicPort, backlog, handlers, mode, newGateways, anyPort);
    }

    /** Who may call it through a relay's gateway without a credential, if the relay lets it be so: {@link PublicTerms#ANYONE} and less. */
    public BindOptions withPublicTerms(PublicTerms newTerms) {
        return withGateways(gateways.withPublicTerms(newTerms));
    }

    /** Gateways speak HTTP/2 to it by prior knowledge, not for gRPC alone. */
    public BindOptions withHttp2(boolean newHttp2) {
        return withGateways(gateways.withHttp2(newHttp2));
    }

    /** What gateways put in place of the Host that a request names; empty: nothing. */
    public BindOptions withHostHeader(String newHostHeader) {
        return withGateways(gateways.withHostHeader(newHostHeader));
    }
}
