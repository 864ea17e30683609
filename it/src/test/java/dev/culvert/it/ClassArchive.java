package dev.culvert.it;

import static java.util.stream.Collectors.joining;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * The class path of the tests with a shared archive of the classes that most programs load, made once for all: most of what a program costs
 * in a test is its start, and an archive halves that. An archive takes jars only, so folders are packed into some. <em>Immutable.</em>
 */
final class ClassArchive {
    /** From JDK 24 on an archive is for programs that are granted the same. */
    private static final String NATIVE = "--enable-native-access=ALL-UNNAMED";

    private final String classPath;
    private final Path archive;

    private ClassArchive(String classPath, Path archive) {
        this.classPath = classPath;
        this.archive = archive;
    }

    private static final class Shared {
        static final ClassArchive INSTANCE = make();
    }

    /** Made with the first call. Any thread. */
    static ClassArchive shared() {
        return Shared.INSTANCE;
    }

    /** Options of the Java machine, ending with the class path. What it says about the archive would mix with what a program says. */
    String options() {
        return NATIVE + " -XX:SharedArchiveFile='" + archive + "' -Xshare:auto -Xlog:disable -cp '" + classPath + "'";
    }

    private static ClassArchive make() {
        try {
            Path folder =
                    Files.createTempDirectory(Path.of("target"), "programs").toAbsolutePath();
            String classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                    .map(Path::of)
                    .filter(Files::exists)
                    .map(entry -> Files.isDirectory(entry) ? packed(entry, folder) : entry)
                    .map(Path::toString)
                    .collect(joining(File.pathSeparator));
            Path archive = folder.resolve("classes.jsa");
            List<String> command = List.of(
                    System.getProperty("java.home") + "/bin/java",
                    NATIVE,
                    "-XX:+UseSerialGC",
                    "-XX:ArchiveClassesAtExit=" + archive,
                    "-Xlog:disable",
                    "-cp",
                    classPath,
                    "dev.culvert.cli.Main",
                    "warm-up");
            Shell.Result made = Shell.run(command);
            if (made.exitCode() != 0 || !Files.exists(archive)) {
                throw new IllegalStateException("no archive of classes could be made: " + made);
            }
            return new ClassArchive(classPath, archive);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path packed(Path classes, Path folder) {
        try {
            Path jar = Files.createTempFile(folder, "classes", ".jar");
            try (OutputStream file = Files.newOutputStream(jar);
                    JarOutputStream out = new JarOutputStream(file);
                    Stream<Path> all = Files.walk(classes)) {
                for (Path each : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
                    out.putNextEntry(
                            new JarEntry(classes.relativize(each).toString().replace(File.separatorChar, '/')));
                    Files.copy(each, out);
                }
            }
            return jar;
        } catch (IOException e) {
            throw new UncheckedIOException(classes.toString(), e);
        }
    }
}
