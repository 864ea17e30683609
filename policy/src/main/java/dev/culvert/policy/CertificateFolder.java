package dev.culvert.policy;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Certificates in a folder: {@code name.pem}, {@code name.key} and, if there is one, {@code ca.pem}. <em>Any thread.</em> {@link #get} never
 * blocks: whether the files have changed is looked at on the executor, and what was read before serves until that is done.
 */
public final class CertificateFolder implements Supplier<TlsCertificates> {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(10);
    private static final Logger LOG = LoggerFactory.getLogger(CertificateFolder.class);

    private final Path folder;
    private final String name;
    private final InstantSource clock;
    private final Executor executor;
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile Instant looked;
    private volatile Read current;

    /** @param stamps of the files before they were read: another write makes others */
    private record Read(TlsCertificates certificates, List<String> stamps) {}

    private CertificateFolder(Path folder, String name, InstantSource clock, Executor executor) throws IOException {
        this.folder = folder;
        this.name = name;
        this.clock = clock;
        this.executor = executor;
        this.looked = clock.instant();
        this.current = read();
    }

    /**
     * Reads the files.
     *
     * @param name empty: only {@code ca.pem}, which must be there then
     * @throws IOException one line with the file, what is wrong with it and what is expected
     */
    public static CertificateFolder open(Path folder, String name, InstantSource clock, Executor executor)
            throws IOException {
        return new CertificateFolder(folder, name, clock, executor);
    }

    /**
     * The certificates in one file, in PEM.
     *
     * @throws IOException one line with the file, what is wrong with it and what is expected
     */
    public static List<X509Certificate> certificates(Path file) throws IOException {
        return CertificateFile.chain(file);
    }

    /** For the next handshake. */
    @Override
    public TlsCertificates get() {
        Instant now = clock.instant();
        if (now.isAfter(looked.plus(LOOK_EVERY)) && looking.compareAndSet(false, true)) {
            looked = now;
            executor.execute(this::look);
        }
        return current.certificates();
    }

    private void look() {
        try {
            if (!stamps().equals(current.stamps())) {
                current = stillGuarded(read());
                LOG.info("certificates in {} were read again", folder);
            }
        } catch (IOException e) {
            LOG.error(
                    "certificates in {} have changed and cannot be used, the old ones serve on: {}",
                    folder,
                    e.toString());
        } finally {
            looking.set(false);
        }
    }

    /** Without its authorities it would trust those of the JDK, which is a decision for a start and not for a slip. */
    private Read stillGuarded(Read fresh) throws IOException {
        boolean fewer = fresh.certificates().authorities().isEmpty()
                && !current.certificates().authorities().isEmpty();
        if (fewer) {
            throw new IOException(folder.resolve("ca.pem") + ": is gone (expected: the authorities that are trusted)");
        }
        return fresh;
    }

    private Read read() throws IOException {
        List<String> stamps = stamps();
        try {
            RelayCertificate own = name.isEmpty() ? null : own();
            return new Read(new TlsCertificates(own, authorities()), stamps);
        } catch (AccessDeniedException e) {
            throw new IOException(
                    e.getFile()
                            + ": may not be read (expected: a file that this process may read); see its owner and mode",
                    e);
        }
    }

    private RelayCertificate own() throws IOException {
        Path chain = folder.resolve(name + ".pem");
        Path key = folder.resolve(name + ".key");
        if (Files.exists(key)) {
            SecretFile.read(key); // for its check of the mode
        }
        return RelayCertificate.read(chain, key, clock);
    }

    private List<X509Certificate> authorities() throws IOException {
        Path file = folder.resolve("ca.pem");
        return name.isEmpty() || Files.exists(file) ? CertificateFile.chain(file) : List.of();
    }

    private List<String> stamps() throws IOException {
        List<String> stamps = new ArrayList<>();
        for (String each : List.of(name + ".pem", name + ".key", "ca.pem")) {
            Path file = folder.resolve(each);
            stamps.add(Files.exists(file) ? Files.getLastModifiedTime(file) + " " + Files.size(file) : "none");
        }
        return stamps;
    }
}
