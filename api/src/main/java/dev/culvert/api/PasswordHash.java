package dev.culvert.api;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A user, with a password that only a hash is kept of: PBKDF2 with HMAC-SHA-256. <em>Immutable.</em> As text, {@code
 * user:pbkdf2-sha256:ITERATIONS:SALT:HASH}, which is what an agent registers. [CTRL-4b]
 */
public final class PasswordHash {
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final int ITERATIONS = 100_000;
    private static final int FEWEST = 1_000;
    private static final int MOST = 1_000_000;
    private static final int LONGEST = 1024;
    private static final Pattern USER = Pattern.compile("[^:\\p{Cntrl}]{1,64}");
    private static final Pattern TEXT =
            Pattern.compile("([^:\\p{Cntrl}]{1,64}):pbkdf2-sha256:(\\d{4,7}):([\\w-]{22}):([\\w-]{43})");

    private final String user;
    private final int iterations;
    private final byte[] salt;
    private final byte[] hash;

    private PasswordHash(String user, int iterations, byte[] salt, byte[] hash) {
        this.user = user;
        this.iterations = iterations;
        this.salt = salt;
        this.hash = hash;
    }

    /**
     * Takes some hundredths of a second.
     *
     * @param random makes the salt
     * @throws IllegalArgumentException a user or a password that cannot be one; the password is not in the text
     */
    public static PasswordHash of(String user, String password, RandomGenerator random) {
        return of(user, password, random, ITERATIONS);
    }

    /** @param iterations that a guess costs, 1,000 to 1,000,000 */
    public static PasswordHash of(String user, String password, RandomGenerator random, int iterations) {
        if (iterations < FEWEST || iterations > MOST) {
            throw new IllegalArgumentException(
                    "iterations: " + iterations + " (expected: " + FEWEST + " to " + MOST + ")");
        }
        if (!USER.matcher(user).matches()) {
            throw new IllegalArgumentException(
                    "user '" + user + "' (expected: at most 64 characters, without a colon)");
        }
        if (password.isEmpty() || password.length() > LONGEST) {
            throw new IllegalArgumentException("a password of " + password.length() + " characters for '" + user
                    + "' (expected: 1 to " + LONGEST + ")");
        }
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        return new PasswordHash(user, iterations, salt, derive(password, salt, iterations));
    }

    /** Null: the text is none. */
    public static @Nullable PasswordHash parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            return null;
        }
        int iterations = Integer.parseInt(parts.group(2));
        boolean sound = iterations >= FEWEST && iterations <= MOST;
        return sound
                ? new PasswordHash(parts.group(1), iterations, bytes(parts.group(3)), bytes(parts.group(4)))
                : null;
    }

    private static byte[] bytes(String text) {
        return Base64.getUrlDecoder().decode(text);
    }

    /** One that no password has, so that an unknown user takes as long as a known one. */
    public static PasswordHash ofNobody() {
        return new PasswordHash("", ITERATIONS, new byte[SALT_BYTES], new byte[HASH_BYTES]);
    }

    public String user() {
        return user;
    }

    /** Takes its time; never on an event loop. The time does not depend on where the first difference is. */
    public boolean isOf(String password) {
        boolean possible = !password.isEmpty() && password.length() <= LONGEST;
        return possible && MessageDigest.isEqual(hash, derive(password, salt, iterations));
    }

    private static byte[] derive(String password, byte[] salt, int iterations) {
        PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, iterations, HASH_BYTES * 8);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has PBKDF2WithHmacSHA256", e);
        } finally {
            spec.clearPassword();
        }
    }

    /** What is registered. */
    public String text() {
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        return user + ":pbkdf2-sha256:" + iterations + ":" + encoder.encodeToString(salt) + ":"
                + encoder.encodeToString(hash);
    }

    /** Without the hash. */
    @Override
    public String toString() {
        return user + ":...";
    }
}
