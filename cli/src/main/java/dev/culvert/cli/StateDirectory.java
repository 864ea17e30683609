package dev.culvert.cli;

import dev.culvert.policy.FileFault;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Where keys and invites live across restarts: {@code $CULVERT_HOME}, else {@code $XDG_STATE_HOME/culvert}, else {@code
 * ~/.culvert}. <em>Immutable.</em> Every file in it is replaced as a whole, so a kill at any moment leaves the old or the new.
 */
record StateDirectory(Path root) {
    static StateDirectory of(Surroundings surroundings) throws Failure {
        return open(choose(surroundings));
    }

    private static Path choose(Surroundings surroundings) {
        String home = surroundings.variable("CULVERT_HOME");
        String state = surroundings.variable("XDG_STATE_HOME");
        if (!home.isEmpty()) {
            return Path.of(home);
        }
        return state.isEmpty() ? Path.of(userHome(surroundings), ".culvert") : Path.of(state, "culvert");
    }

    /** What {@code ~} means to the shell that the command was typed in; the JVM looks it up elsewhere. */
    private static String userHome(Surroundings surroundings) {
        String home = surroundings.variable("HOME");
        return home.isEmpty() ? System.getProperty("user.home") : home;
    }

    private static StateDirectory open(Path root) throws Failure {
        Path absolute = root.toAbsolutePath();
        try {
            makeForOwner(absolute);
        } catch (IOException e) {
            throw Failure.usage("state directory " + absolute + ": cannot be made ("
                    + FileFault.text(e)
                    + "); name another one: export CULVERT_HOME=DIRECTORY");
        }
        return new StateDirectory(absolute);
    }

    /** Makes a directory that others may not enter, unless it is there already. */
    static Path makeForOwner(Path directory) throws IOException {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] owner = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
        return Files.isDirectory(directory) ? directory : Files.createDirectories(directory, owner);
    }

    /** The key of this machine's agents and callers. */
    Path nodeKey() {
        return root.resolve("node").resolve("identity.key");
    }

    /** What a relay keeps: its key, its invites, where it listens. */
    Path relay() {
        return root.resolve("relay");
    }

    /** Where running processes can be asked for their status. */
    Path running() {
        return root.resolve("run");
    }
}
