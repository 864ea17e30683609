package dev.culvert.policy;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What one line of text carries to a new node: where the relays are, which keys they must prove, and a credential. {@code
 * culvert://host:port,host:port/keys/token}, or {@code culvert+wss://}, {@code culvert+tcp://}. [LINK-30] <em>Immutable.</em> Prints itself redacted; {@link #text()} is the secret.
 *
 * @param relays at least one
 * @param token the credential part, sent to the relay as it is
 * @param transport how all of them are linked to
 */
public record JoinString(List<Relay> relays, String token, Transport transport) {
    private static final Pattern SECRET =
            Pattern.compile("(?i)(culvert(?:[+][a-z]{1,8})?://[^/\\s\"']*/)[A-Za-z0-9_=,./-]+");

    public JoinString {
        relays = List.copyOf(relays);
        if (relays.isEmpty() || relays.size() > JoinStringCodec.MAX_RELAYS) {
            throw new IllegalArgumentException(
                    relays.size() + " relays (expected: 1 to " + JoinStringCodec.MAX_RELAYS + ")");
        }
    }

    /** Links over TLS. */
    public JoinString(List<Relay> relays, String token) {
        this(relays, token, Transport.TLS);
    }

    /** How a relay is linked to. */
    public enum Transport {
        /** TLS 1.3. */
        TLS("culvert://"),
        /** WebSocket over TLS, through what lets only HTTPS pass, or ends TLS before the relay. */
        WSS("culvert+wss://"),
        /** In clear, for ways that are protected otherwise: who listens on the way learns the token and all that passes. */
        TCP("culvert+tcp://");

        private final String scheme;

        Transport(String scheme) {
            this.scheme = scheme;
        }

        /** What a join string begins with. */
        public String scheme() {
            return scheme;
        }
    }

    /**
     * One relay.
     *
     * @param host a name, an IPv4 or an IPv6 address, the latter without brackets
     * @param key the relay's 32-byte Ed25519 identity key: carried whole, since Hello is signed over it on every transport
     */
    public record Relay(String host, int port, byte[] key) {
        public Relay {
            JoinStringCodec.checkHost(host);
            if (port < 1 || port > 65535) {
                throw new IllegalArgumentException("port " + port + " (expected: 1-65535)");
            }
            if (key.length != Ed25519.PUBLIC_BYTES) {
                throw new IllegalArgumentException("identity key of " + key.length + " bytes (expected: 32)");
            }
            key = key.clone();
        }

        @Override
        public byte[] key() {
            return key.clone();
        }

        /** {@code host:port}, with brackets around IPv6. */
        public String address() {
            return HostPort.text(host, port);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Relay that
                    && host.equals(that.host)
                    && port == that.port
                    && Arrays.equals(key, that.key);
        }

        @Override
        public int hashCode() {
            return host.hashCode() * 31 + port;
        }

        @Override
        public String toString() {
            return address();
        }
    }

    /** @throws IllegalArgumentException one line: the value (redacted), the expectation, the next step */
    public static JoinString parse(String text) {
        return JoinStringCodec.parse(text);
    }

    /** The whole join string, secret included. */
    public String text() {
        return JoinStringCodec.print(this);
    }

    /** The id of the invite that it belongs to, which is no secret. */
    public String inviteId() {
        return JoinToken.parse(token).id();
    }

    /** What it grants, as its issuer wrote it; only a relay can tell whether that still holds. */
    public Grant grant() {
        return grantOf(token);
    }

    /**
     * What the token of a join string grants, as {@link #grant()}.
     *
     * @throws IllegalArgumentException if another kind of relay made it
     */
    public static Grant grantOf(String token) {
        return JoinToken.parse(token).grant();
    }

    /** Replaces the secret part of every join string in a text, for logs and errors. */
    public static String redact(String text) {
        return SECRET.matcher(text).replaceAll("$1...");
    }

    @Override
    public String toString() {
        return relays.stream().map(Relay::address).collect(Collectors.joining(",", transport.scheme(), "/..."));
    }
}
