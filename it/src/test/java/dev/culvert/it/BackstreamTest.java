package dev.culvert.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A Go program on backstream's own module, unmodified, called with curl through a relay's gateway. Where the module is not to be had, GOPROXY
 * may name a folder that has it.
 */
@ExtendWith(Foreign.class)
@Timeout(120)
final class BackstreamTest {
    private static final Path SOURCES =
            Path.of(System.getProperty("basedir", ".")).resolve("src/test/backstream");

    @TempDir
    private static Path directory;

    private static Path program;
    private static Proc relay;
    private static Path culvert;
    private static String http;
    private final List<Proc> started = new ArrayList<>();

    @BeforeAll
    static void build() throws IOException {
        for (String name : List.of("go.mod", "go.sum", "main.go")) {
            Files.copy(SOURCES.resolve(name), directory.resolve(name));
        }
        assertThat(Shell.run(List.of("gofmt", "-l", directory.toString()))
                        .orFail()
                        .out())
                .isEmpty();
        program = directory.resolve("service");
        // the module's own sum is not kept here: Go asks for it where it asks for the module
        Shell.Result built = Shell.run(
                List.of("go", "build", "-C", directory.toString(), "-mod=mod", "-o", program.toString(), "."));
        if (built.exitCode() != 0) {
            boolean absent = built.err().contains("proxy") || built.err().contains("module");
            assertThat(absent).as(built.err()).isTrue();
            String reason =
                    "backstream's module is not to be had: " + built.err().strip();
            System.out.println("[skipped] " + reason);
            Assumptions.abort(reason);
        }
        culvert = Programs.installIn(directory).resolve("culvert");
        String arguments = "relay --listen 127.0.0.1:0 --http 127.0.0.1:0 --backstream";
        relay = Proc.start(arguments, command(arguments));
        http = "http://" + relay.awaitLine("http +(127\\.0\\.0\\.1:\\d+)").group(1);
    }

    @AfterAll
    static void stopRelay() {
        if (relay != null) {
            relay.close();
        }
    }

    @AfterEach
    void stop() {
        Collections.reverse(started);
        started.forEach(Proc::close);
    }

    private static ProcessBuilder command(String arguments) {
        List<String> command = new ArrayList<>(List.of(culvert.toString()));
        command.addAll(List.of(arguments.split(" ")));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("CULVERT_HOME", directory.resolve("home").toString());
        return builder;
    }

    private Proc start(String arguments) {
        Proc proc = Proc.start("culvert " + arguments, command(arguments));
        started.add(proc);
        return proc;
    }

    /** The part of a join string that is the credential. */
    private String credential() {
        return start("invite --register go-* --json")
                .awaitLine("\"join\":\"culvert://[^\"]*/([^\"/]+)\"")
                .group(1);
    }

    private Proc service(String id, String codec, String credential) {
        String url = http.replace("http:", "ws:") + "/ws?public=true&codec=" + codec + "&credential=" + credential;
        Proc service = Proc.start(id, new ProcessBuilder(program.toString(), url, id, codec));
        started.add(service);
        return service;
    }

    /** What comes back, and the status behind it. */
    private String curl(String id, String path, String... more) {
        List<String> command = new ArrayList<>(List.of(
                "curl",
                "-sS",
                "--max-time",
                "30",
                "--noproxy",
                "*",
                "-w",
                " %{http_code}",
                "-H",
                "x-backstream-client-id: " + id));
        command.addAll(List.of(more));
        command.add(http + path);
        return Shell.run(command).orFail().out();
    }

    private void awaitService(String id) {
        await().atMost(Duration.ofSeconds(30)).until(() -> curl(id, "/").endsWith(" 202"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"protobuf", "json"})
    void an_unmodified_go_service_is_called_cancelled_lost_and_back(String codec) throws IOException {
        String id = "go-" + codec;
        String credential = credential();
        Proc service = service(id, codec, credential);
        awaitService(id);

        Path body = Files.write(directory.resolve("body"), new byte[3 << 20]);
        assertThat(curl(id, "/a%20b%C3%A9/(c)?q=1%202", "-H", "x-custom-field: v", "--data-binary", "@" + body))
                .isEqualTo("POST /a bé/(c)?q=1%202 v http " + (3 << 20) + " 202");
        assertThat(curl(id, "/", "-i")).containsSubsequence("X-Twice: 1", "X-Twice: 2");
        assertThat(curl(id, "/panic")).endsWith(" 500");
        if (codec.equals("protobuf")) {
            assertThat(curl(id, "/large")).contains("more than 10485760 bytes").endsWith(" 502");
        }
        assertThat(curl(id, "/slow", "-H", "x-backstream-request-timeout: 700ms"))
                .contains("DEADLINE")
                .endsWith(" 504");
        service.awaitLine("cancelled after .*: context deadline exceeded");

        Proc hanging = Proc.start(
                "curl /hang",
                new ProcessBuilder(
                        "curl",
                        "-sS",
                        "-w",
                        " %{http_code}",
                        "--noproxy",
                        "*",
                        "-H",
                        "x-backstream-client-id: " + id,
                        http + "/hang"));
        started.add(hanging);
        service.awaitLine("hanging");
        service.kill();
        assertThat(hanging.awaitExit(Duration.ofSeconds(20))).isZero();
        hanging.awaitLine("LINK_LOST.*");
        assertThat(curl(id, "/")).contains("its name is kept").endsWith(" 502");

        service(id, codec, credential);
        awaitService(id);
    }
}
