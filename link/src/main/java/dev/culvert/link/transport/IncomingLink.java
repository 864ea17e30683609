package dev.culvert.link.transport;

import io.netty.channel.Channel;

/**
 * A connection that was accepted, not yet authenticated: it holds one of the port's places for handshakes, and the port closes it at
 * the handshake deadline or when it sends more than the limit. Owned by its channel's event loop.
 */
public interface IncomingLink {
    /** Carries the link's bytes as {@code ByteBuf}s in both directions. */
    Channel channel();

    /** For log lines and status; behind a PROXY v2 header of a trusted balancer the client's address. */
    String remoteAddress();

    /** How the bytes came: {@code tls}, {@code tcp}, {@code wss}, {@code ws}, {@code unix} or {@code mem}. */
    String transport();

    /** The peer is authenticated: gives the place back and lifts deadline and byte limit. Idempotent. */
    void established();
}
