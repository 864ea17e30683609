package dev.culvert.policy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The file behind {@link Invites}: records are appended and forced to the disk one by one. Owned by its {@link Invites}, which calls it
 * under its lock; writing needs the {@link StateLock} too, reading does not. What a crash left without a newline is ignored, and cut away by
 * the next writer; any other damage is an error, since what is lost might be a revocation.
 */
final class InviteJournal {
    private final Path file;
    private long offset;
    private int lines;
    private @Nullable Stamp seen;

    /** Tells a file that was replaced from one that grew. */
    private record Stamp(@Nullable Object key, FileTime created) {}

    /** @param replaced the file is another than before, and {@code records} are all of it */
    record News(boolean replaced, List<InviteRecord> records) {
        static final News NONE = new News(false, List.of());
    }

    InviteJournal(Path file) {
        this.file = file;
    }

    /** What was appended since the last call, by any process. One look at the file's attributes if nothing was. */
    News read() throws IOException {
        BasicFileAttributes attributes = attributes();
        if (attributes == null) {
            return seen == null ? News.NONE : restart(null);
        }
        Stamp stamp = new Stamp(attributes.fileKey(), attributes.creationTime());
        boolean replaced = seen != null && (!seen.equals(stamp) || attributes.size() < offset);
        if (replaced) {
            restart(stamp);
        }
        seen = stamp;
        return replaced || attributes.size() > offset ? new News(replaced, readFromOffset()) : News.NONE;
    }

    /** Under the state lock, after a {@link #read} under the same; the next one brings the record. */
    void append(InviteRecord record) throws IOException {
        SecretFile.createIfAbsent(file);
        ByteBuffer line = ByteBuffer.wrap((InviteRecordCodec.print(record) + "\n").getBytes(StandardCharsets.UTF_8));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(offset); // what a crash left behind
            channel.position(offset);
            while (line.hasRemaining()) {
                channel.write(line);
            }
            channel.force(true);
        } catch (IOException e) {
            throw FileFault.at(file, e);
        }
    }

    /** Under the state lock: replaces the content by fewer records. */
    void rewrite(List<InviteRecord> records) throws IOException {
        StringBuilder text = new StringBuilder();
        records.forEach(record -> text.append(InviteRecordCodec.print(record)).append('\n'));
        SecretFile.write(file, text.toString().getBytes(StandardCharsets.UTF_8));
        restart(null);
        read();
    }

    /** Records in the file. */
    int size() {
        return lines;
    }

    private List<InviteRecord> readFromOffset() throws IOException {
        byte[] bytes = bytesFromOffset();
        List<InviteRecord> records = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                records.add(record(new String(bytes, start, i - start, StandardCharsets.UTF_8)));
                start = i + 1;
                lines++;
            }
        }
        offset += start;
        return records;
    }

    private InviteRecord record(String line) throws IOException {
        try {
            return InviteRecordCodec.parse(line);
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    file + ": line " + (lines + 1) + " is damaged: " + e.getMessage()
                            + " (expected: only what culvert wrote); restore the file from a backup, or move it and"
                            + " issuer.key away: every machine must then join anew, by new join strings. Without it alone, join"
                            + " strings that were used up or revoked would count again",
                    e);
        }
    }

    private byte[] bytesFromOffset() throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(Math.max(0, channel.size() - offset)));
            int read = 0;
            while (bytes.hasRemaining() && read >= 0) {
                read = channel.read(bytes, offset + bytes.position());
            }
            byte[] exact = new byte[bytes.position()];
            bytes.flip().get(exact);
            return exact;
        }
    }

    private News restart(@Nullable Stamp stamp) {
        offset = 0;
        lines = 0;
        seen = stamp;
        return new News(true, List.of());
    }

    private @Nullable BasicFileAttributes attributes() throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            return null;
        }
    }
}
