package dev.culvert.policy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclEntryPermission;
import java.nio.file.attribute.AclEntryType;
import java.nio.file.attribute.AclFileAttributeView;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A small file that only its owner may read (mode 0600; on Windows an access list with the owner alone), replaced as a whole so that a
 * crash leaves the old content or the new. <em>Stateless.</em>
 */
final class SecretFile {
    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private SecretFile() {}

    /** Makes the directory, for the owner alone where it is new. */
    static void createDirectories(@Nullable Path directory) throws IOException {
        if (directory != null && !Files.isDirectory(directory)) {
            Files.createDirectories(directory, attributes("rwx------"));
        }
    }

    /** Makes an empty file unless there is one. */
    static void createIfAbsent(Path file) throws IOException {
        if (!Files.exists(file)) {
            try {
                create(file).close();
            } catch (FileAlreadyExistsException e) {
                return; // another process was first, which is as good
            }
        }
    }

    /** Replaces the content: a new file is written and forced to the disk, then renamed over the old one. */
    static void write(Path file, byte[] content) throws IOException {
        Path absolute = file.toAbsolutePath();
        createDirectories(absolute.getParent());
        Path next = absolute.resolveSibling(
                absolute.getFileName() + "." + ProcessHandle.current().pid() + ".new");
        Files.deleteIfExists(next); // left by a crash
        try (FileChannel channel = create(next)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        } catch (IOException e) {
            Files.deleteIfExists(next);
            throw FileFault.at(absolute, e);
        }
        Files.move(next, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        force(absolute.getParent());
    }

    /**
     * A file whose content is no secret and must still be its owner's: what it says is believed.
     *
     * @throws IOException if others may change it
     */
    static void requireUnchanged(Path file) throws IOException {
        if (POSIX) {
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
            if (mode.contains(PosixFilePermission.GROUP_WRITE) || mode.contains(PosixFilePermission.OTHERS_WRITE)) {
                throw new IOException(file + ": mode " + PosixFilePermissions.toString(mode)
                        + " lets others change it (expected: rw-------); if nobody did, run: chmod 600 " + file);
            }
        }
    }

    /** @throws IOException also if others than the owner may read or change it */
    static byte[] read(Path file) throws IOException {
        if (POSIX) {
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
            if (mode.stream().anyMatch(OTHERS::contains)) {
                throw new IOException(file + ": mode " + PosixFilePermissions.toString(mode)
                        + " lets others in (expected: rw-------); if it was not read by others, run: chmod 600 "
                        + file);
            }
        }
        return Files.readAllBytes(file);
    }

    private static FileChannel create(Path file) throws IOException {
        Set<StandardOpenOption> options = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        FileChannel channel = FileChannel.open(file, options, attributes("rw-------"));
        if (!POSIX) {
            ownerOnly(file);
        }
        return channel;
    }

    private static FileAttribute<?>[] attributes(String mode) {
        return POSIX
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))}
                : new FileAttribute<?>[0];
    }

    private static void ownerOnly(Path file) throws IOException {
        AclFileAttributeView view = Files.getFileAttributeView(file, AclFileAttributeView.class);
        if (view != null) {
            view.setAcl(List.of(AclEntry.newBuilder()
                    .setType(AclEntryType.ALLOW)
                    .setPrincipal(view.getOwner())
                    .setPermissions(EnumSet.allOf(AclEntryPermission.class))
                    .build()));
        }
    }

    /** Makes the rename itself durable; Windows cannot open directories and does not need it. */
    private static void force(@Nullable Path directory) throws IOException {
        if (POSIX && directory != null) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
