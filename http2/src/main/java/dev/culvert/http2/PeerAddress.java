package dev.culvert.http2;

import java.net.SocketAddress;

/**
 * The peer that a channel of {@link PrefaceListener#channels} connects to. <em>Immutable.</em> Its text is the name, or {@code peer}, so that
 * it may stand as an HTTP authority.
 */
public final class PeerAddress extends SocketAddress {
    private static final long serialVersionUID = 1L;

    private final String name;

    private PeerAddress(String name) {
        this.name = name;
    }

    /** The peer that waits longest. */
    public static PeerAddress any() {
        return new PeerAddress("");
    }

    /** One by its identity or its name, see {@link Peer#isCalled}. */
    public static PeerAddress of(String name) {
        return new PeerAddress(name);
    }

    /** Empty for any. */
    public String name() {
        return name;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PeerAddress address && address.name.equals(name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name.isEmpty() ? "peer" : name;
    }
}
