package dev.culvert.link;

import dev.culvert.link.transport.Endpoint;
import dev.culvert.policy.JoinString;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A relay to link to. <em>Immutable.</em>
 *
 * @param endpoint where it is
 * @param key its 32-byte identity key, checked on every transport; null if only TLS certificates or nothing vouch for it
 */
public record RelayTarget(Endpoint endpoint, byte @Nullable [] key) {
    public RelayTarget {
        if (key != null && key.length != 32) {
            throw new IllegalArgumentException("identity key of " + key.length + " bytes (expected: 32)");
        }
        key = key == null ? null : key.clone();
    }

    /** The relays that a join string names, over the transport that it names. */
    public static List<RelayTarget> of(JoinString join) {
        return join.relays().stream()
                .map(relay -> new RelayTarget(endpoint(join.transport(), relay), relay.key()))
                .toList();
    }

    private static Endpoint endpoint(JoinString.Transport transport, JoinString.Relay at) {
        return switch (transport) {
            case TLS -> new Endpoint.Tls(at.host(), at.port());
            case WSS -> new Endpoint.WebSocket(true, at.host(), at.port(), Endpoint.WEBSOCKET_PATH);
            case TCP -> new Endpoint.Tcp(at.host(), at.port());
        };
    }

    @Override
    public byte @Nullable [] key() {
        return key == null ? null : key.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RelayTarget that && endpoint.equals(that.endpoint) && Arrays.equals(key, that.key);
    }

    @Override
    public int hashCode() {
        return Objects.hash(endpoint, Arrays.hashCode(key));
    }

    @Override
    public String toString() {
        return endpoint.toString();
    }
}
