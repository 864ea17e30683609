package dev.culvert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher, with a JDK and a Maven that only say how they were called: where it finds itself, when it builds, whom it waits for. */
final class LauncherTest {
    private static final Path LAUNCHER =
            Path.of(System.getProperty("basedir", ".")).resolve("../culvert").toAbsolutePath();
    private static final Duration SHORT = Duration.ofSeconds(30);
    private static final String BUILD = """
            #!/bin/sh
            echo build >> builds
            sleep 0.5
            echo '[INFO] Building Culvert cli 1'
            mkdir -p cli/target && echo jar > cli/target/culvert.jar
            """;

    @TempDir
    Path folder;

    private Path home;

    @BeforeEach
    void a_folder_with_a_blank_in_its_name() throws IOException {
        home = Files.createDirectories(folder.toRealPath().resolve("a checkout"));
        Files.copy(LAUNCHER, home.resolve("culvert"));
        jdk("21.0.1");
    }

    @Test
    void a_release_starts_through_symlinks_from_another_folder() throws IOException {
        Files.writeString(home.resolve("culvert.jar"), "jar");
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("relative"), Path.of("../a checkout/culvert"));
        Files.createSymbolicLink(bin.resolve("culvert"), Path.of("relative"));

        Shell.Result result = run("cd /; '" + bin.resolve("culvert") + "' dial web 'a b' '*'");

        assertThat(result.orFail().out()).endsWith("[-jar]\n[" + home + "/culvert.jar]\n[dial]\n[web]\n[a b]\n[*]\n");
    }

    @Test
    void a_release_starts_from_the_path() throws IOException {
        Files.writeString(home.resolve("culvert.jar"), "jar");

        assertThat(run("cd /; PATH='" + home + "':$PATH; culvert status")
                        .orFail()
                        .out())
                .endsWith("[" + home + "/culvert.jar]\n[status]\n");
    }

    @Test
    void two_first_uses_at_once_build_once_and_both_run() throws IOException {
        checkout(BUILD);

        Shell.Result result = run("./culvert one > one.out & ./culvert two > two.out; wait");

        result.orFail();
        assertThat(home.resolve("builds")).hasContent("build");
        assertThat(home.resolve("one.out")).content().endsWith("[one]\n");
        assertThat(home.resolve("two.out")).content().endsWith("[two]\n");
        assertThat(result.err()).contains("another process is building, waiting for it");
    }

    @Test
    void builds_again_when_a_source_is_newer_and_only_then() throws IOException {
        Path source = checkout(BUILD);
        run("./culvert one; ./culvert two").orFail();
        assertThat(home.resolve("builds")).hasContent("build");

        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(60)));
        run("./culvert three").orFail();

        assertThat(Files.readAllLines(home.resolve("builds"))).hasSize(2);
    }

    @Test
    void the_lock_of_a_killed_build_is_taken_over() throws IOException {
        checkout(BUILD);
        Path lock = Files.createDirectories(home.resolve(".culvert-build").resolve("lock"));
        Files.writeString(lock.resolve("pid"), "999999999\n");

        assertThat(run("./culvert one").orFail().out()).endsWith("[one]\n");
        assertThat(lock).doesNotExist();
    }

    @Test
    void a_build_that_fails_says_where_its_log_is_and_leaves_no_lock() throws IOException {
        checkout("#!/bin/sh\necho '[ERROR] no network'\nexit 1\n");

        Shell.Result result = run("./culvert one");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .contains("[ERROR] no network", "the build failed: see " + home + "/.culvert-build/build.log");
        assertThat(home.resolve(".culvert-build").resolve("lock")).doesNotExist();
    }

    @Test
    void a_jdk_that_is_too_old_is_refused_with_what_is_expected() throws IOException {
        jdk("11.0.2");

        Shell.Result result = run("./culvert one");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("CULVERT_JAVA_HOME", "17 or later").hasLineCount(1);
    }

    /** What the launcher needs of a checkout; returns a source. */
    private Path checkout(String build) throws IOException {
        Files.writeString(home.resolve("pom.xml"), "<project/>");
        executable(home.resolve("mvnw"), build);
        Path source = home.resolve("cli/src/main/java/Main.java");
        Files.createDirectories(source.getParent());
        Files.writeString(source, "class Main {}");
        for (String module : List.of("api", "mux", "policy", "link", "node")) {
            Files.createDirectories(home.resolve(module));
        }
        FileTime before = FileTime.from(Instant.now().minusSeconds(60));
        for (Path file : Arrays.asList(home.resolve("pom.xml"), source)) {
            Files.setLastModifiedTime(file, before);
        }
        return source;
    }

    private void jdk(String version) throws IOException {
        Path bin = Files.createDirectories(folder.resolve("a jdk").resolve("bin"));
        Files.writeString(bin.resolveSibling("release"), "JAVA_VERSION=\"" + version + "\"\n");
        executable(bin.resolve("javac"), "#!/bin/sh\n");
        executable(bin.resolve("java"), "#!/bin/sh\nfor word; do echo \"[$word]\"; done\n");
    }

    private static void executable(Path file, String script) throws IOException {
        Files.writeString(file, script, StandardCharsets.UTF_8);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Shell.Result run(String command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", command).directory(home.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("CULVERT_") || name.startsWith("JAVA_"));
        builder.environment().put("CULVERT_JAVA_HOME", folder.resolve("a jdk").toString());
        builder.environment().put("HOME", folder.toString());
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        builder.redirectInput(Path.of("/dev/null").toFile());
        builder.redirectOutput(out.toFile()).redirectError(err.toFile());
        try (Proc proc = Proc.start(command, builder)) {
            int exitCode = proc.awaitExit(SHORT);
            return new Shell.Result(List.of(command), exitCode, Files.readString(out), Files.readString(err));
        }
    }
}
