package dev.culvert.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * HTTP through relay and agent in processes of their own, with programs that others wrote: Go's gRPC, curl, h2load and Chromium. No process of
 * ours has more than 96 MiB of heap and 32 MiB of direct memory. {@code -Dculvert.scale=full} carries 1 GiB each way.
 */
@Namespaces
final class GatewayClientsTest {
    @RegisterExtension
    static final Lab LAB = new Lab();

    private static final String LITTLE_MEMORY = "-Xmx96m -XX:MaxDirectMemorySize=32m";
    private static final boolean FULL = "full".equals(System.getProperty("culvert.scale", ""));

    /** Four times this is more than fits into the memory of any process on the way. */
    private static final long COUNT = FULL ? 1L << 30 : 40 << 20;

    private static final Duration BULK = Duration.ofMinutes(FULL ? 20 : 3);

    @TempDir
    private static Path directory;

    private static Path log;

    /** Of the gateway. */
    private static String address;

    @BeforeAll
    static void a_relay_with_a_gateway_and_a_web_service() throws Exception {
        List.of(LAB.relay(), LAB.agent()).forEach(host -> host.with("LAB_JAVA_FLAGS", LITTLE_MEMORY));
        LAB.agent().start("web");
        log = directory.resolve("access.log");
        Deployment deployment = Deployment.on(
                LAB.relay(),
                "--http 0.0.0.0:7480 --https 0.0.0.0:7481 --https-certs %s --http-domain lab --http-path /ws=echo --http-log %s"
                        .formatted(certificates(), log));
        LAB.agent().with("CULVERT_JOIN", deployment.invite());
        Deployment.expose(
                LAB.agent(),
                "web=%d echo=%d --public --name edge9".formatted(WebProgram.PORT, WebProgram.WEBSOCKET_PORT));
        address = LAB.relay().address();
    }

    private static Path certificates() throws Exception {
        Path folder = Files.createDirectory(directory.resolve("tls"));
        X509Bundle bundle = new CertificateBuilder()
                .algorithm(CertificateBuilder.Algorithm.ecp256)
                .subject("CN=web.lab")
                .addSanDnsName("web.lab")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        Files.writeString(folder.resolve("web.pem"), bundle.getCertificatePathPEM());
        Files.writeString(folder.resolve("web.key"), bundle.getPrivateKeyPEM());
        return folder;
    }

    private static String curl(String arguments) {
        return "curl -sS -H 'Host: web.lab' -H 'Expect:' " + arguments.replace("@", "http://" + address + ":7480");
    }

    @Test
    @ExtendWith(Foreign.class)
    void calls_of_gos_grpc_reach_gos_grpc_behind_two_agents() {
        String program = Prog.buildInto(directory);
        for (String name : List.of("edge7", "edge8")) {
            Proc server = LAB.agent().start(program + " serve 127.0.0.1:0 " + name);
            String port = server.awaitLine("listening at 127.0.0.1:(\\d+)").group(1);
            LAB.agent().with("CULVERT_HOME", directory.resolve(name).toString());
            Deployment.expose(LAB.agent(), "greeter " + port + " --public --shared --name " + name);
        }
        String said = LAB.caller()
                .run(program + " call " + address + ":7480 greeter.lab")
                .orFail()
                .out();
        assertThat(said)
                .matches("(?s)answers: \\d+ hello go from edge7, \\d+ hello go from edge8\n.*")
                .contains("late: DeadlineExceeded\n")
                .contains("nobody: rpc error: code = Unimplemented desc = nobody offers 'nobody.greeter' here");
    }

    @Test
    void h2load_speaks_http_2_to_a_service_that_speaks_http_1() {
        if (LAB.caller().run("command -v h2load").exitCode() != 0) {
            System.out.println("[skipped] program h2load is missing (expected: the package nghttp2-client)");
            return;
        }
        String load = "h2load -n 500 -c 5 -m 20 -H 'Host: web.lab' -H ':authority: web.lab' http://%s:7480/bytes/1";
        assertThat(LAB.caller().run(load.formatted(address)).orFail().out())
                .contains("500 succeeded, 0 failed, 0 errored, 0 timeout", "500 2xx");
    }

    /** {@code page.html} says what each line means. */
    @Test
    @ExtendWith(Browser.class)
    void a_browser_loads_a_page_which_streams_listens_and_talks() throws IOException {
        String both = """
                stream: one two
                events: 1 one, 2 two, 3 after 2
                websocket: chat, permessage-deflate, gr\u00fc\u00dfe, 200000, 4001, enough, true
                abort: 204
                """;
        assertThat(verdict("http://web.lab:7480/")).isEqualTo("page: http/1.1\n" + both);
        assertThat(verdict("https://web.lab:7481/")).isEqualTo("page: h2\n" + both + "upload: one then two\n");

        assertThat(Files.readAllLines(log).stream().filter(line -> line.contains("\"path\":\"/ws\"")))
                .as("a WebSocket of each version")
                .satisfiesExactlyInAnyOrder(
                        line -> assertThat(line).contains("\"HTTP/1.1\"", "\"status\":101"),
                        line -> assertThat(line).contains("\"HTTP/2.0\"", "\"status\":101"));
        assertThat(browse("http://nobody.lab:7480/")).contains("<h1>404 Not Found</h1>", "nobody offers 'nobody' here");
    }

    private static String verdict(String url) {
        return browse(url).replaceAll("(?s).*<pre id=\"verdict\">(.*)</pre>.*", "$1");
    }

    private static String browse(String url) {
        return LAB.caller().run(Browser.dump(url, address)).orFail().out();
    }

    @Test
    void long_bodies_pass_at_once_both_ways_in_little_memory_while_one_upload_stands_still() throws IOException {
        MessageDigest sum = WebProgram.newSha256();
        Path file = directory.resolve("file");
        try (OutputStream out = new DigestOutputStream(Files.newOutputStream(file), sum)) {
            WebProgram.write(COUNT, out);
        }
        String digest = HexFormat.of().formatHex(sum.digest());
        Proc slow = LAB.caller().start(curl("-H 'culvert-timeout: 1h' -T " + file + " @/slow"));
        LAB.agent().procs().get(0).awaitLine("slow: begun");

        String four = "(%s | sha256sum >1) & (%s | sha256sum >2) & %s >3 & %s >4 & wait; cut -d ' ' -f 1 1 2 3 4"
                .formatted(
                        curl("@/bytes/" + COUNT),
                        curl("--http2-prior-knowledge @/bytes/" + COUNT),
                        curl("-T " + file + " @/digest"),
                        curl("--http2-prior-knowledge -T " + file + " @/digest"));
        assertThat(LAB.caller().run(four, BULK).orFail().out().lines())
                .hasSize(4)
                .allMatch(digest::equals);
        assertThat(slow.isAlive()).isTrue();

        LAB.caller().run(curl("-X POST @/go/slow")).orFail();
        slow.awaitLine(digest, BULK);
    }
}
