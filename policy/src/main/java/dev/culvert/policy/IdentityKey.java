package dev.culvert.policy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.SecureRandom;

/**
 * A node's own Ed25519 key pair (RFC 8032), made on first use and kept with mode 0600. <em>Immutable.</em> Prints itself without the
 * private half.
 */
public final class IdentityKey {
    private final byte[] seed;
    private final byte[] publicKey;

    private IdentityKey(byte[] seed) {
        this.seed = seed.clone();
        this.publicKey = Ed25519.publicKey(seed);
    }

    /**
     * Reads the key in {@code file}, or makes one and writes it atomically. Processes that come at the same time get the same key. A file
     * that is there and cannot be used is never replaced.
     *
     * @throws IOException one line that names the file, what is wrong with it and what to do
     */
    public static IdentityKey loadOrCreate(Path file) throws IOException {
        if (Files.exists(file)) {
            return load(file);
        }
        StateLock lock = StateLock.of(file);
        try (lock) {
            if (!Files.exists(file)) {
                byte[] seed = newSeed();
                SecretFile.write(file, IdentityKeyFile.print(seed).getBytes(StandardCharsets.US_ASCII));
            }
        }
        return load(file);
    }

    /** A key that is never stored, for tests and demos. */
    public static IdentityKey generate() {
        return new IdentityKey(newSeed());
    }

    /** 32 bytes: what join strings carry. */
    public byte[] publicKey() {
        return publicKey.clone();
    }

    /** Whom a relay takes the holder of this key to be. */
    public Principal principal() {
        return Principal.ofKey(publicKey);
    }

    /** 64 bytes. */
    public byte[] sign(byte[] message) {
        return Ed25519.sign(seed, publicKey, message);
    }

    /** False for anything but a valid signature by a sound key; never throws for what a peer sent. */
    public static boolean verify(byte[] publicKey, byte[] message, byte[] signature) {
        return Ed25519.verify(publicKey, message, signature);
    }

    PrivateKey privateKey() {
        return Ed25519.privateKey(seed);
    }

    @Override
    public String toString() {
        return "IdentityKey[" + principal().id() + "]";
    }

    private static IdentityKey load(Path file) throws IOException {
        String text = new String(SecretFile.read(file), StandardCharsets.US_ASCII);
        try {
            return new IdentityKey(IdentityKeyFile.parse(text));
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    file + ": damaged identity key: " + e.getMessage()
                            + " (expected: an Ed25519 private key in PEM); restore the file from a backup, or move it away to start"
                            + " with a new identity, which every join string and enrolled key must then learn",
                    e);
        }
    }

    private static byte[] newSeed() {
        byte[] seed = new byte[Ed25519.SEED_BYTES];
        new SecureRandom().nextBytes(seed);
        return seed;
    }
}
