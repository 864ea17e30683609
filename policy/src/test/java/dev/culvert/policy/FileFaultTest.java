package dev.culvert.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A path alone is no error message. */
class FileFaultTest {
    @TempDir
    Path directory;

    @Test
    void says_what_is_wrong_with_the_file() {
        assertThat(FileFault.text(new AccessDeniedException("/state/identity.key")))
                .isEqualTo("/state/identity.key: permission denied (expected: a file of this user)");
        Path missing = directory.resolve("missing");
        IOException cause = catchThrowableOfType(IOException.class, () -> Files.readAllBytes(missing));
        assertThat(FileFault.text(cause)).startsWith(missing + ": no such file");
    }

    @Test
    void a_file_in_place_of_a_directory_is_named() throws IOException {
        Path file = Files.writeString(directory.resolve("relay"), "");
        IOException cause = catchThrowableOfType(IOException.class, () -> Files.createDirectories(file));
        assertThat(FileFault.text(cause))
                .isEqualTo(file + ": is there and no directory (expected: a directory, or nothing)");
    }

    @Test
    void keeps_what_the_system_said() {
        assertThat(FileFault.text(new FileSystemException("/x", null, "Read-only file system")))
                .isEqualTo("/x: Read-only file system");
        IOException full = new IOException("No space left on device");
        assertThat(FileFault.text(FileFault.at(Path.of("/state/identity.key"), full)))
                .isEqualTo("/state/identity.key: No space left on device");
    }
}
