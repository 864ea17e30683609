package dev.culvert.http2;

import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * Who waits at the other end of a reversed connection, or who a client is. <em>Immutable.</em>
 *
 * @param identity proved by a TLS client certificate, or empty
 * @param name announced, or empty
 * @param serverName the host that a TLS client asked for (SNI), or empty
 * @param address where the connection came from
 */
public record Peer(String identity, String name, String serverName, SocketAddress address) {
    /**
     * Whether dialling {@code wanted} may lead to it: the proved identity where there is one, else the announced name; {@code identity/name}
     * for one of several services of the same identity; the empty string for anyone.
     */
    public boolean isCalled(String wanted) {
        if (wanted.isEmpty()) {
            return true;
        }
        return identity.isEmpty()
                ? wanted.equals(name)
                : wanted.equals(identity) || wanted.equals(identity + "/" + name);
    }

    /** Its identity or else its name, and its address, as in {@code edge7 at 192.0.2.7:4711}. */
    @Override
    public String toString() {
        String called = identity.isEmpty() ? name : name.isEmpty() ? identity : identity + "/" + name;
        return (called.isEmpty() ? "a peer" : called) + " at " + address;
    }

    /** Equal for connections of the same peer, as far as can be known. */
    String origin() {
        return holder() + "/" + name;
    }

    /** Equal for connections of the same identity, or else host, whatever it calls itself: names cost nothing. */
    String holder() {
        return identity.isEmpty() ? "host " + host() : "identity " + identity;
    }

    private String host() {
        return address instanceof InetSocketAddress inet ? inet.getHostString() : address.toString();
    }
}
