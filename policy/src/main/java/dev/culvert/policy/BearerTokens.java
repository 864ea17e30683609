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
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bearer tokens that an operator lists in a file, hashed. <em>Any thread.</em> One line each: {@code name sha256:HEX namespace=default
 * register=web,api-* dial=* ports=20000-20100 until=2027-01-01T00:00:00Z peer}; all after the hash may be left out, which denies. In place
 * of the hash {@code cert:edge.example.com} names certificates of callers at the gateway, with {@code *} for anything. A line that cannot be read stops the start; later, it leaves the old list in force and is logged.
 */
public final class BearerTokens {
    private static final Logger LOG = LoggerFactory.getLogger(BearerTokens.class);

    private final Path file;
    private final InstantSource clock;
    private volatile Map<String, BearerToken> byName;
    private volatile AccessListener listener = (principal, code, text) -> {};
    private Stamp taken;
    private Stamp seen;
    private long expirySeenMillis;

    /** Tells two states of the file apart. */
    private record Stamp(FileTime changed, long size) {}

    private BearerTokens(Path file, InstantSource clock) throws IOException {
        this.file = file;
        this.clock = clock;
        this.taken = stamp();
        this.seen = taken;
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
        return found == null ? Refusals.unknownToken() : admit(found, Principal.ofToken(found.name()));
    }

    /** A line {@code cert:NAME} says what a certificate of that name may do; one without a star goes first. */
    Verdict admitCertificate(List<String> names) {
        for (boolean exactly : new boolean[] {true, false}) {
            for (String name : names) {
                for (BearerToken token : byName.values()) {
                    if (token.isForCertificate(name, exactly)) {
                        return admit(token, Principal.ofCertificate(name));
                    }
                }
            }
        }
        return Refusals.unknownCertificate(names);
    }

    private Verdict admit(BearerToken found, Principal principal) {
        return clock.millis() >= found.untilMillis()
                ? Refusals.tokenEnded(found.name(), found.untilMillis())
                : new Accepted(principal, found.scope(), found.untilMillis());
    }

    void listen(AccessListener newListener) {
        listener = newListener;
    }

    /**
     * Reads the file again if it changed, and tells the listener who lost access. Called by one thread. A file that changed since the last
     * look may still be being written, and its missing lines would be revocations: it is read at the next look.
     */
    void poll() {
        try {
            Stamp now = stamp();
            if (!now.equals(taken) && now.equals(seen)) {
                take(read());
                taken = now;
            }
            seen = now;
        } catch (IOException e) {
            LOG.error("bearer tokens not read again, the old ones stay in force: {}", FileFault.text(e));
        }
        tellExpired();
    }

    private void take(Map<String, BearerToken> after) {
        Map<String, BearerToken> before = byName;
        byName = after;
        for (BearerToken old : before.values()) {
            BearerToken now = after.get(old.name());
            if (now == null) {
                tell(old, Refusals.tokenRevoked(old.name()));
            } else if (!now.equals(old)) {
                tell(old, Refusals.tokenChanged(old.name()));
            }
        }
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

    private void tell(BearerToken token, Authenticator.Refused why) {
        listener.onAccessEnded(Principal.ofToken(token.name()), why.code(), why.text());
    }

    private void tellExpired() {
        long now = clock.millis();
        for (BearerToken token : byName.values()) {
            if (token.untilMillis() > expirySeenMillis && token.untilMillis() <= now) {
                tell(token, Refusals.tokenEnded(token.name(), token.untilMillis()));
            }
        }
        expirySeenMillis = Math.max(expirySeenMillis, now);
    }

    private Map<String, BearerToken> read() throws IOException {
        return BearerToken.parseAll(file, Files.readAllLines(file, StandardCharsets.UTF_8));
    }

    private Stamp stamp() throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return new Stamp(attributes.lastModifiedTime(), attributes.size());
    }
}
