package dev.culvert.policy;

import java.util.List;

/**
 * What one line of text carries to a new node: where the relays are, which keys they must prove, and a credential. {@code
 * culvert://host:port,host:port/...}. <em>Immutable.</em> Prints itself redacted; {@link #text()} is the secret.
 *
 * @param relays at least one
 * @param token the credential part, sent to the relay as it is
 */
public record JoinString(List<Relay> relays, String token) {
    /** @param key the relay's 32-byte Ed25519 identity key: carried whole, since Hello is signed over it on every transport */
    public record Relay(String host, int port, byte[] key) {}

    /** @throws IllegalArgumentException one line: the value (redacted), the expectation, the next step */
    public static JoinString parse(String text) {
        throw new UnsupportedOperationException();
    }

    /** The whole join string, secret included. */
    public String text() {
        throw new UnsupportedOperationException();
    }
}
