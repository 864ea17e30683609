package dev.culvert.link;

import dev.culvert.mux.MuxOptions;
import dev.culvert.policy.IdentityKey;

/**
 * How a relay accepts sessions. <em>Immutable.</em>
 *
 * @param node who it is; its instance is the boot id
 * @param key its identity, which signs every Welcome
 * @param mux windows, limits and keep-alive of its sessions
 * @param handshakeMillis from the hand-over of the connection to Welcome
 */
public record AcceptorOptions(LocalNode node, IdentityKey key, MuxOptions mux, long handshakeMillis) {
    public AcceptorOptions {
        if (handshakeMillis < 1) {
            throw new IllegalArgumentException("handshakeMillis: " + handshakeMillis + " (expected: >= 1)");
        }
    }

    public static AcceptorOptions of(LocalNode node, IdentityKey key) {
        return new AcceptorOptions(node, key, MuxOptions.DEFAULT, 10_000);
    }

    public AcceptorOptions withMux(MuxOptions newMux) {
        return new AcceptorOptions(node, key, newMux, handshakeMillis);
    }

    public AcceptorOptions withHandshakeMillis(long newHandshakeMillis) {
        return new AcceptorOptions(node, key, mux, newHandshakeMillis);
    }
}
