package dev.culvert.policy;

import dev.culvert.policy.Authenticator.Accepted;
import dev.culvert.policy.Authenticator.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bearer tokens that an operator lists in a file, hashed. <em>Any thread.</em> One line each: {@code name sha256:HEX namespace=default
 * register=web,api-* dial=* ports=20000-20100 until=2027-01-01T00:00:00Z peer}; all after the hash may be left out, which denies. A line
 * that cannot be read stops the start; later, it leaves the old list in force and is logged.
 */
public final class BearerTokens {
    private static final Logger LOG = LoggerFactory.getLogger(BearerTokens.class);

    private final Path file;
    private final InstantSource clock;
    private volatile Map<String, BearerToken> byName;
    private volatile AccessListener listener = (principal, code, text) -> {};
    private FileTime changed;
    private long size;
    private long expirySeenMillis;

    private BearerTokens(Path file, InstantSource clock) throws IOException {
        this.file = file;
        this.clock = clock;
        BasicFileAttributes attributes = attributes();
        this.changed = attributes.lastModifiedTime();
        this.size = attributes.size();
        this.byName = read();
        this.expirySeenMillis = clock.millis();
    }

    /** @throws IOException one line that names the file, the line and what is wrong */
    public static BearerTokens open(Path file, InstantSource clock) throws IOException {
        return new BearerTokens(file, clock);
    }

    /** What stands in the file for a token. The token must be random, 128 bits or more: a hash does not protect a guessable one. */
    public static String hash(String token) {
        return BearerToken.PREFIX + HexFormat.of().formatHex(Digests.sha256(token.getBytes(StandardCharsets.UTF_8)));
    }

    Verdict admit(String token) {
        BearerToken found = find(hash(token));
        if (found == null) {
            return Refusals.unknownToken();
        }
        return clock.millis() >= found.untilMillis()
                ? Refusals.tokenEnded(found.name(), found.untilMillis())
                : new Accepted(Principal.ofToken(found.name()), found.scope(), found.untilMillis());
    }

    void listen(AccessListener newListener) {
        listener = newListener;
    }

    /** Reads the file again if it changed, and tells the listener who lost access. Called by one thread. */
    void poll() {
        try {
            BasicFileAttributes attributes = attributes();
            if (!attributes.lastModifiedTime().equals(changed) || attributes.size() != size) {
                Map<String, BearerToken> before = byName;
                byName = read();
                changed = attributes.lastModifiedTime();
                size = attributes.size();
                before.values().stream()
                        .filter(old -> !old.equals(byName.get(old.name())))
                        .forEach(this::tellRevoked);
            }
        } catch (IOException e) {
            LOG.error("bearer tokens not read again, the old ones stay in force: {}", e.getMessage());
        }
        tellExpired();
    }

    /** Looks at every token, so that the time says nothing about which one was near. */
    private @Nullable BearerToken find(String hash) {
        byte[] presented = hash.getBytes(StandardCharsets.US_ASCII);
        BearerToken found = null;
        for (BearerToken token : byName.values()) {
            if (Digests.same(presented, token.hash().getBytes(StandardCharsets.US_ASCII))) {
                found = token;
            }
        }
        return found;
    }

    private void tellRevoked(BearerToken token) {
        Authenticator.Refused why = Refusals.tokenRevoked(token.name());
        listener.onAccessEnded(Principal.ofToken(token.name()), why.code(), why.text());
    }

    private void tellExpired() {
        long now = clock.millis();
        for (BearerToken token : byName.values()) {
            if (token.untilMillis() > expirySeenMillis && token.untilMillis() <= now) {
                Authenticator.Refused why = Refusals.tokenEnded(token.name(), token.untilMillis());
                listener.onAccessEnded(Principal.ofToken(token.name()), why.code(), why.text());
            }
        }
        expirySeenMillis = Math.max(expirySeenMillis, now);
    }

    private Map<String, BearerToken> read() throws IOException {
        return BearerToken.parseAll(file, Files.readAllLines(file, StandardCharsets.UTF_8));
    }

    private BasicFileAttributes attributes() throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class);
    }
}
