package dev.culvert.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/**
 * Puts the programs under test into a folder, each as a small script that becomes a Java machine of the one running the tests. Flags in
 * {@code LAB_JAVA_FLAGS} win over ours.
 */
final class Programs {
    private static final Map<String, String> MAINS = Map.of(
            "culvert", "dev.culvert.cli.Main",
            "targets", TargetProgram.class.getName(),
            "dialer", DialProgram.class.getName(),
            "peer", PeerProgram.class.getName(),
            "silent", SilentProgram.class.getName(),
            "proxy", ProxyProgram.class.getName(),
            "grpc", GrpcProgram.class.getName(),
            "web", WebProgram.class.getName());

    /** Small, quick to start, and strict about buffers: a leak is reported on standard error and fails the lab. */
    private static final String FLAGS =
            "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx512m" + " -Dio.netty.leakDetection.level=paranoid";

    private Programs() {}

    static Path installIn(Path directory) {
        MAINS.forEach((name, mainClass) -> write(directory.resolve(name), mainClass));
        return directory;
    }

    private static void write(Path file, String mainClass) {
        String script = "#!/bin/sh%nexec '%s/bin/java' %s $LAB_JAVA_FLAGS %s %s \"$@\"%n"
                .formatted(
                        System.getProperty("java.home"),
                        FLAGS,
                        ClassArchive.shared().options(),
                        mainClass);
        try {
            Files.writeString(file, script);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
