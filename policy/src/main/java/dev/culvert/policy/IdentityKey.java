package dev.culvert.policy;

import java.io.IOException;
import java.nio.file.Path;

/** A node's own Ed25519 key pair (RFC 8032), made on first use and kept with mode 0600. <em>Immutable.</em> */
public final class IdentityKey {
    IdentityKey() {}

    /** Reads the key in {@code file}, or makes one and writes it atomically. */
    public static IdentityKey loadOrCreate(Path file) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** A key that is never stored, for tests and demos. */
    public static IdentityKey generate() {
        throw new UnsupportedOperationException();
    }

    /** 32 bytes: what join strings pin. */
    public byte[] publicKey() {
        throw new UnsupportedOperationException();
    }

    /** 64 bytes. */
    public byte[] sign(byte[] message) {
        throw new UnsupportedOperationException();
    }

    public static boolean verify(byte[] publicKey, byte[] message, byte[] signature) {
        throw new UnsupportedOperationException();
    }
}
