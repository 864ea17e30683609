package dev.culvert.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.culvert.api.PasswordHash;
import dev.culvert.node.ExposedService;
import dev.culvert.node.ProxyProtocol;
import dev.culvert.node.Target;
import dev.culvert.node.TargetOptions;
import dev.culvert.node.TargetTrust;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may call a service and how its target is spoken to, by options, by the agent's file and by requests; and checks that do so. */
@Timeout(60)
final class ServiceOptionsTest {
    @TempDir
    Path home;

    private Cli cli;
    private HttpsServer server;
    private String url;

    @BeforeEach
    void start() throws Exception {
        cli = Cli.joined(home);
        cli.becomesReady();
        X509Bundle bundle = new CertificateBuilder()
                .algorithm(CertificateBuilder.Algorithm.ecp256)
                .subject("CN=target")
                .addSanIpAddress("127.0.0.1")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        Files.writeString(home.resolve("ca.pem"), bundle.getCertificatePathPEM());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(bundle.toKeyManagerFactory().getKeyManagers(), null, null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/health", exchange -> {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        url = "https://127.0.0.1:" + server.getAddress().getPort();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private String authorities() {
        return home.resolve("ca.pem").toString();
    }

    @Test
    void a_target_with_tls_is_looked_at_as_callers_will_reach_it() {
        Cli.Result well = cli.run("expose", "web", url, "--target-ca", authorities());
        assertThat(well.exitCode()).as(well.err()).isZero();
        assertThat(well.out()).contains("ok target " + url).doesNotContain("certificate");
        assertThat(cli.node.config().services()).singleElement().satisfies(service -> {
            assertThat(service.target()).isEqualTo(Target.parse(url));
            assertThat(service.options().trust().authorities()).hasSize(1);
        });
        assertThat(cli.run("expose", "web", url).out()).contains("-- target " + url + ": TLS with it fails");
        String elsewhere = url.replace("127.0.0.1", "localhost");
        assertThat(cli.run("expose", "web", elsewhere, "--target-insecure").out())
                .contains("ok target " + elsewhere, "any certificate is taken", "--target-insecure");
    }

    @Test
    void what_gateways_and_targets_are_told_comes_from_options_and_from_the_agents_file() throws IOException {
        TargetOptions wanted =
                TargetOptions.DEFAULT.withHttp2(true).withHostHeader("target").withProxyProtocol(ProxyProtocol.V2);
        cli.run("expose", "dev", "5173", "--http2", "--host-header", "target", "--proxy-protocol", "v2");
        assertThat(cli.node.config().services().get(0).options()).isEqualTo(wanted);
        Path file = Files.writeString(
                home.resolve("agent.yaml"),
                "services:\n  dev: {target: 5173, options: {http2: true, host-header: target, proxy-protocol: v2}}\n"
                        + "  web: {target: '" + url + "', options: {target-insecure: true}}\n");
        Cli.Result agent = cli.run("agent", file.toString());
        assertThat(agent.exitCode()).as(agent.err()).isZero();
        assertThat(agent.out()).contains("any certificate is taken");
        assertThat(cli.node.config().services().get(0).options()).isEqualTo(wanted);
        assertThat(cli.node.config().services().get(1).options().trust()).isEqualTo(TargetTrust.ANYONE);
    }

    @Test
    void a_running_agent_is_told_the_same() throws Exception {
        cli.run("agent", "--name", "edge7");
        try (LocalDoor door = LocalDoor.open(home.resolve("run"), 11, new LocalDesk(cli.node, true))) {
            assertThat(door).isNotNull();
            Cli.Result result =
                    cli.run("register", "web", url, "--target-ca", authorities(), "--http2", "--proxy-protocol", "v1");
            assertThat(result.exitCode()).as(result.err()).isZero();
            assertThat(cli.node.exposed).singleElement().satisfies(service -> {
                assertThat(service.options().trust().authorities()).hasSize(1);
                assertThat(service.options().http2()).isTrue();
                assertThat(service.options().proxyProtocol()).isEqualTo(ProxyProtocol.V1);
            });
        }
    }

    private static final String TERMS = "public to 10.0.0.0/8,2001:db8::/32,192.0.2.7 by password";

    private static void isPublic(ExposedService service) {
        assertThat(service.publicTerms()).hasToString(TERMS);
        assertThat(PasswordHash.parse(service.publicTerms().passwords().get(0)))
                .matches(hash -> hash != null && hash.user().equals("alice") && hash.isOf("open sesame"));
    }

    @Test
    void options_file_and_running_agent_take_the_same_terms_of_callers() throws Exception {
        Path password = Files.writeString(home.resolve("alice"), "open sesame\n");
        cli.env.put("BOB", "hocus pocus");
        String[] options = {
            "--public",
            "--allow-from=10.0.0.0/8,2001:db8::/32",
            "--allow-from=192.0.2.7",
            "--basic-auth=alice:@" + password,
            "--basic-auth=bob:env:BOB",
            "--host-header=target"
        };
        cli.run(Stream.concat(Stream.of("expose", "web", "8080"), Stream.of(options))
                .toArray(String[]::new));
        isPublic(cli.node.config().services().get(0));
        Path file = Files.writeString(home.resolve("agent.yaml"), """
                services:
                  web:
                    target: 8080
                    options:
                      public: true
                      allow-from: ["10.0.0.0/8,2001:db8::/32", 192.0.2.7]
                      basic-auth: ["alice:@%s", "bob:env:BOB"]
                  raw: {target: 8443, options: {public: true, pass-tls: true, allow-from: 10.0.0.0/8}}
                """.formatted(password));
        Cli.Result agent = cli.run("agent", file.toString());
        assertThat(agent.exitCode()).as(agent.err()).isZero();
        isPublic(cli.node.config().services().get(0));
        assertThat(cli.node.config().services().get(1).publicTerms())
                .hasToString("public to 10.0.0.0/8, TLS passed on");
        try (LocalDoor door = LocalDoor.open(home.resolve("run"), 11, new LocalDesk(cli.node, true))) {
            assertThat(door).isNotNull();
            Cli.Result result = cli.run(Stream.concat(Stream.of("register", "web", "8080"), Stream.of(options))
                    .toArray(String[]::new));
            assertThat(result.exitCode()).as(result.err()).isZero();
            isPublic(cli.node.exposed.get(0));
            assertThat(cli.node.exposed.get(0).options().hostHeader()).isEqualTo("target");
        }
    }

    @Test
    void a_request_to_a_running_agent_holds_no_password_and_nothing_that_was_not_said() throws Exception {
        assertThat(LocalRequest.of("status").json()).doesNotContain("basicAuth", "targetCa");
        cli.env.put("BOB", "hocus pocus");
        String request =
                new LocalRequest("register", "web", "8080", false, -1, false, 0, options("bob:env:BOB")).json();
        assertThat(request).contains("\"public\":true", "bob:pbkdf2-sha256:").doesNotContain("hocus", "BOB", "http2");
        assertThat(LocalRequest.parse(request).json()).isEqualTo(request);
    }

    private ServiceOptions options(String user) throws Failure {
        String said = "{\"options\":{\"public\":true,\"basicAuth\":[\"" + user + "\"]}}";
        return LocalRequest.parse(said).options().resolved(cli.env);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "allow-from: 10.0.0.0/8 | expected: public beside them",
                "public: true, allow-from: nowhere | allow-from: network 'nowhere' (expected: 10.0.0.0/8",
                "public: true, basic-auth: 'alice:secret' | basic-auth alice:...: expected USER:@FILE",
                "public: true, basic-auth: 'alice:env:NOBODY' | 'NOBODY' is not set",
                "public: true, pass-tls: true, basic-auth: 'a:@/x' | without basic-auth",
                "target-insecure: true | target-insecure: is about TLS",
                "proxy-protocol: v3 | expected: v1 or v2",
                "host-heder: x | did you mean 'host-header'",
                "allow-from: [null] | line 1",
                "public: null, http2: null | \"\"",
            })
    void mistakes_in_the_file_name_the_file_the_service_and_the_key(String options, String message) throws IOException {
        Path file = Files.writeString(
                home.resolve("agent.yaml"), "services: {web: {target: 8080, options: {" + options + "}}}\n");
        Cli.Result result = cli.run("agent", file.toString());
        if (message.isEmpty()) {
            assertThat(result.err()).isEmpty(); // said, and left empty
        } else {
            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.err())
                    .contains("config " + file, message)
                    .doesNotContain("secret", "--")
                    .hasLineCount(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "8080 --target-insecure, 127.0.0.1:8080 is spoken to without",
        "https://h:1 --target-ca none.pem, none.pem",
        "https://h:1 --target-ca none.pem --target-insecure, expected one of them",
        "https://h:1/path, without a path",
        "https://h:1 --public --pass-tls, expected h:1",
        "8080 --proxy-protocol v3, expected: v1 or v2",
        "8080 --host-header a/b, expected: a name or an address"
    })
    void mistakes_are_told_before_anything_is_done(String arguments, String message) {
        Cli.Result result = cli.run(("expose web " + arguments).split(" ", -1));
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains(message).hasLineCount(1);
        assertThat(cli.run("forward", "web", "https://127.0.0.1:1").err()).contains("has no certificate");
    }

    @Test
    void checks_trust_whom_the_service_trusts() throws Exception {
        TargetOptions own = TargetOptions.DEFAULT.withTrust(TargetTrust.authorities(Path.of(authorities())));
        Target target = Target.parse(url);
        assertThat(HealthCheck.parse("", target, own).fault()).isEmpty();
        assertThat(HealthCheck.parse(url + "/health", target, own).fault()).isEmpty();
        assertThat(HealthCheck.parse(url + "/nothing", target, own).fault()).contains("status 404");
        assertThat(HealthCheck.parse(url + "/health", target, TargetOptions.DEFAULT)
                        .fault())
                .isNotEmpty();
        TargetOptions anyone = TargetOptions.DEFAULT.withTrust(TargetTrust.ANYONE);
        String elsewhere = url.replace("127.0.0.1", "localhost");
        assertThat(HealthCheck.parse(elsewhere + "/health", target, anyone).fault())
                .isEmpty();
        assertThat(HealthCheck.parse("", target, own.withHttp2(true)).fault()).contains("HTTP/2");
    }

    @Test
    void checks_of_a_target_that_is_told_who_calls_say_that_nobody_does() throws Exception {
        try (ServerSocket app = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
            CompletableFuture<String> heard = CompletableFuture.supplyAsync(
                    () -> {
                        try (Socket client = app.accept()) {
                            String said = line(client.getInputStream()) + line(client.getInputStream());
                            client.getOutputStream()
                                    .write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                            return said;
                        } catch (IOException e) {
                            return e.toString();
                        }
                    },
                    task -> new Thread(task).start());
            String page = "http://127.0.0.1:" + app.getLocalPort() + "/health?a";
            TargetOptions told = TargetOptions.DEFAULT.withProxyProtocol(ProxyProtocol.V1);
            HealthCheck check = HealthCheck.parse(page, Target.parse(page.replace("/health?a", "")), told);
            assertThat(check.fault()).isEmpty();
            assertThat(heard.get(20, TimeUnit.SECONDS)).isEqualTo("PROXY UNKNOWN\r\nGET /health?a HTTP/1.1\r\n");
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        while (line.indexOf("\n") < 0) {
            line.append((char) in.read());
        }
        return line.toString();
    }
}
