package dev.culvert.policy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate that a relay issues itself, kept in a file of the state directory and renewed while the relay runs. <em>Any thread.</em>
 * {@link #get} never blocks: a renewal runs on the executor, and the old certificate serves until it is done.
 */
public final class RelayCertificates implements Supplier<RelayCertificate> {
    /** A third of the life is left for renewing. */
    private static final Duration RENEW_BEFORE = CertificateIssuer.LEAF_LIFE.dividedBy(3);

    private static final Logger LOG = LoggerFactory.getLogger(RelayCertificates.class);

    private final Path file;
    private final IdentityKey identity;
    private final List<String> hostNames;
    private final InstantSource clock;
    private final Executor executor;
    private final AtomicBoolean renewing = new AtomicBoolean();
    private volatile RelayCertificate current;

    private RelayCertificates(
            Path file, IdentityKey identity, List<String> hostNames, InstantSource clock, Executor executor)
            throws IOException {
        this.file = file;
        this.identity = identity;
        this.hostNames = List.copyOf(hostNames);
        this.clock = clock;
        this.executor = executor;
        this.current = loadOrIssue();
    }

    /**
     * Reads the certificate in {@code file}; issues another if there is none, if it was issued by another identity, or if it ends soon.
     *
     * @throws IOException the file is there and cannot be used; it is never silently replaced
     */
    public static RelayCertificates open(
            Path file, IdentityKey identity, List<String> hostNames, InstantSource clock, Executor executor)
            throws IOException {
        return new RelayCertificates(file, identity, hostNames, clock, executor);
    }

    /** The certificate for the next handshake. */
    @Override
    public RelayCertificate get() {
        RelayCertificate now = current;
        if (isDue(now) && renewing.compareAndSet(false, true)) {
            executor.execute(this::renew);
        }
        return now;
    }

    private void renew() {
        try {
            current = loadOrIssue();
        } catch (IOException e) {
            LOG.error(
                    "certificate not renewed, it ends {}: {}",
                    current.leaf().getNotAfter().toInstant(),
                    e.getMessage());
        } finally {
            renewing.set(false);
        }
    }

    private RelayCertificate loadOrIssue() throws IOException {
        StateLock lock = StateLock.of(file);
        try (lock) {
            if (Files.exists(file)) {
                RelayCertificate kept = load();
                if (!isDue(kept) && isOurs(kept)) {
                    return kept;
                }
            }
            RelayCertificate fresh = RelayCertificate.issue(identity, hostNames, clock);
            SecretFile.write(file, CertificateFile.print(fresh).getBytes(StandardCharsets.US_ASCII));
            return fresh;
        }
    }

    private RelayCertificate load() throws IOException {
        SecretFile.read(file); // for its check of the mode
        try {
            return CertificateFile.read(file, file);
        } catch (IOException e) {
            throw new IOException(e.getMessage() + "; remove " + file + " to have another one issued", e);
        }
    }

    private boolean isOurs(RelayCertificate kept) {
        return RelayCertificate.endsIn(kept.chain(), identity.publicKey());
    }

    private boolean isDue(RelayCertificate certificate) {
        Instant end = certificate.leaf().getNotAfter().toInstant();
        return clock.instant().isAfter(end.minus(RENEW_BEFORE));
    }
}
