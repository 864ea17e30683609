package dev.culvert.cli;

import dev.culvert.gateway.Certificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Certificates in a folder, {@code NAME.pem} with {@code NAME.key}, read again by a thread of its own when they change. What cannot be used
 * stops the start; later it is logged, and the old ones stay in force. Any thread.
 */
final class CertificateFolder implements Supplier<Certificates>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateFolder.class);
    private static final long POLL_SECONDS = 2;

    private final Path folder;
    private final @Nullable Path authorities;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(CertificateFolder::daemon);
    private volatile Certificates certificates;
    private List<Stamp> taken;
    private List<Stamp> seen;
    private String fault = "";

    private CertificateFolder(Path folder, @Nullable Path authorities, List<Stamp> stamps, Certificates certificates) {
        this.folder = folder;
        this.authorities = authorities;
        this.taken = stamps;
        this.seen = stamps;
        this.certificates = certificates;
    }

    /** What a file was when it was looked at. */
    private record Stamp(String name, long modifiedMillis, long bytes) {}

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "culvert-certificates");
        thread.setDaemon(true);
        return thread;
    }

    /** @param authorities file with those whose word on certificates of clients counts; null: clients are not asked */
    static CertificateFolder open(Path folder, @Nullable Path authorities) throws Failure {
        try {
            List<Stamp> stamps = stamps(folder, authorities);
            CertificateFolder opened = new CertificateFolder(folder, authorities, stamps, read(folder, authorities));
            opened.thread.scheduleWithFixedDelay(opened::poll, POLL_SECONDS, POLL_SECONDS, TimeUnit.SECONDS);
            return opened;
        } catch (IOException e) {
            String beside = authorities == null ? "" : ", --https-client-ca " + authorities;
            throw Failure.usage("--https-certs " + folder + beside + ": " + reason(e));
        }
    }

    private static String reason(IOException e) {
        return e instanceof java.nio.file.FileSystemException file
                ? file.getFile()
                        + " cannot be read (expected: NAME.pem and NAME.key for each certificate, and the file of authorities)"
                : String.valueOf(e.getMessage());
    }

    private static List<Path> certificateFiles(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(".pem"))
                    .sorted()
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static Path keyOf(Path certificate) {
        String name = certificate.getFileName().toString();
        return certificate.resolveSibling(name.substring(0, name.length() - 4) + ".key");
    }

    private static List<Stamp> stamps(Path folder, @Nullable Path authorities) throws IOException {
        List<Path> files = new ArrayList<>(authorities == null ? List.of() : List.of(authorities));
        for (Path certificate : certificateFiles(folder)) {
            files.addAll(List.of(certificate, keyOf(certificate)));
        }
        List<Stamp> stamps = new ArrayList<>();
        for (Path file : files) {
            stamps.add(
                    new Stamp(file.toString(), Files.getLastModifiedTime(file).toMillis(), Files.size(file)));
        }
        return stamps;
    }

    private static Certificates read(Path folder, @Nullable Path authorities) throws IOException {
        List<Certificates.Pem> pems = new ArrayList<>();
        for (Path certificate : certificateFiles(folder)) {
            String name = certificate.getFileName().toString();
            pems.add(new Certificates.Pem(
                    name, Files.readAllBytes(certificate), Files.readAllBytes(keyOf(certificate))));
        }
        return Certificates.of(
                pems,
                authorities == null
                        ? null
                        : new Certificates.Pem(authorities.toString(), Files.readAllBytes(authorities), new byte[0]));
    }

    /** What changed since the last look may still be being written: it is read at the next. */
    void poll() {
        try {
            List<Stamp> now = stamps(folder, authorities);
            if (!now.equals(taken) && now.equals(seen)) {
                taken = now;
                certificates = read(folder, authorities);
                LOG.info("certificates read again from {}: {}", folder, certificates.names());
            }
            seen = now;
            fault = "";
        } catch (IOException e) {
            tell(reason(e));
        } catch (RuntimeException e) {
            // else the thread would never look again
            LOG.error("certificates not read again, the old ones stay in force", e);
        }
    }

    private void tell(String newFault) {
        if (!newFault.equals(fault)) {
            fault = newFault;
            LOG.error("certificates not read again, the old ones stay in force: {}", newFault);
        }
    }

    @Override
    public Certificates get() {
        return certificates;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
