package dev.culvert.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.api.PasswordHash;
import dev.culvert.api.PublicTerms;
import dev.culvert.node.ExposedService;
import dev.culvert.node.Publication;
import dev.culvert.node.RawHttp;
import dev.culvert.node.Target;
import dev.culvert.node.Visibility;
import java.io.IOException;
import java.net.Authenticator;
import java.net.PasswordAuthentication;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Services that are public to some: by the caller's address, by a password, as their agent has registered it. */
final class PublicTermsTest {
    private static final String ALICE =
            PasswordHash.of("alice", "open sesame", new Random(1), 1000).text();

    private Site site;
    private ServerSocket server;
    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

    @BeforeEach
    void start() throws IOException {
        site = new Site();
        server = new ServerSocket(0);
        Thread answers = new Thread(this::answer, "service");
        answers.setDaemon(true);
        answers.start();
    }

    private void answer() {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                seen.add(RawHttp.readRequest(socket.getInputStream()));
                socket.getOutputStream()
                        .write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok".getBytes(UTF_8));
            } catch (IOException ended) {
                assertThat(ended).hasMessageNotContaining("Address");
            }
        }
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        site.close();
    }

    private int serve(GatewayOptions options, List<String> networks, List<String> passwords) throws IOException {
        site.edge.expose(ExposedService.of("web", new Target.Tcp("127.0.0.1", server.getLocalPort()))
                .withPublicTerms(new PublicTerms(true, networks, passwords, false)));
        return site.gateway(options, (address, credential) -> {
            Publication publication = site.relay.publication(address);
            assertThat(publication.visibility()).isEqualTo(Visibility.PUBLIC);
            return new Access.Admitted(address, "", publication.terms());
        });
    }

    private static String curl(int port, String... more) throws Exception {
        String[] arguments = new String[more.length + 3];
        System.arraycopy(more, 0, arguments, 0, more.length);
        arguments[more.length] = "-w";
        arguments[more.length + 1] = " %{http_code}";
        arguments[more.length + 2] = "http://web.localhost:" + port + "/";
        return Curl.run(arguments);
    }

    @Test
    void a_list_of_networks_lets_in_callers_from_there_and_believes_only_trusted_proxies() throws Exception {
        int port = serve(GatewayOptions.DEFAULT, List.of("10.0.0.0/8", "2001:db8::/32"), List.of());
        assertThat(curl(port))
                .contains("takes no calls from 127.0.0.1", "\"code\":\"DENIED\"")
                .endsWith(" 403");
        assertThat(curl(port, "-H", "X-Forwarded-For: 10.1.2.3")).endsWith(" 403");
        GatewayOptions trusting =
                GatewayOptions.DEFAULT.withTrusted(TrustedProxies.of(List.of("127.0.0.1", "192.0.2.0/24")));
        int proxied = serveAgain(trusting);
        assertThat(curl(proxied, "-H", "X-Forwarded-For: 10.1.2.3")).isEqualTo("ok 200");
        assertThat(curl(proxied, "-H", "X-Forwarded-For: 203.0.113.9, 10.1.2.3, 192.0.2.1"))
                .isEqualTo("ok 200");
        assertThat(curl(proxied, "-H", "Forwarded: for=\"[2001:db8::7]:4711\";proto=https"))
                .isEqualTo("ok 200");
        assertThat(curl(proxied, "-H", "X-Forwarded-For: 10.1.2.3, 203.0.113.9"))
                .contains("takes no calls from 203.0.113.9")
                .endsWith(" 403");
        assertThat(curl(proxied, "-H", "X-Forwarded-For: 203.0.113.9", "-H", "Forwarded: for=10.1.2.3"))
                .contains("do not name the same client")
                .endsWith(" 403");
        assertThat(curl(proxied, "-H", "Forwarded: for=_hidden"))
                .contains("an address that is not known")
                .endsWith(" 403");
    }

    private int serveAgain(GatewayOptions options) throws IOException {
        return site.gateway(
                options,
                (address, credential) -> new Access.Admitted(
                        address, "", site.relay.publication(address).terms()));
    }

    @Test
    void a_password_is_asked_for_and_stays_at_the_gateway() throws Exception {
        int port = serve(GatewayOptions.DEFAULT, List.of(), List.of(ALICE));
        assertThat(curl(port, "-i"))
                .containsIgnoringCase("\r\nwww-authenticate: Basic realm=\"web\", charset=\"UTF-8\"\r\n")
                .endsWith(" 401");
        assertThat(curl(port, "-u", "alice:wrong"))
                .contains("knows no such user with this password")
                .endsWith(" 401");
        assertThat(curl(port, "-u", "bob:open sesame")).endsWith(" 401");
        assertThat(curl(port, "-H", "Authorization: Basic %%%")).endsWith(" 401");
        assertThat(seen).isEmpty();
        for (String version : List.of("--http1.1", "--http2-prior-knowledge")) {
            assertThat(curl(port, version, "-u", "alice:open sesame", "-d", "hello"))
                    .isEqualTo("ok 200");
            assertThat(seen.poll(20, TimeUnit.SECONDS)).doesNotContainIgnoringCase("authorization");
        }
        List<AccessRecord> records = List.copyOf(site.log);
        assertThat(records)
                .extracting(AccessRecord::caller)
                .containsExactly("", "", "", "", "basic:alice", "basic:alice");
        assertThat(jdk(port)).isEqualTo("ok");
    }

    /** A client that shows its password when it is asked to. */
    private static String jdk(int port) throws Exception {
        HttpClient client = HttpClient.newBuilder()
                .authenticator(new Authenticator() {
                    @Override
                    protected PasswordAuthentication getPasswordAuthentication() {
                        assertThat(getRequestingPrompt()).isEqualTo("web");
                        return new PasswordAuthentication("alice", "open sesame".toCharArray());
                    }
                })
                .build();
        HttpResponse<String> answer = client.send(Site.request(port, "web", "/").build(), BodyHandlers.ofString());
        return answer.body();
    }

    @Test
    void who_guesses_waits_and_who_is_known_does_not() throws Exception {
        int port = serve(GatewayOptions.DEFAULT, List.of(), List.of(ALICE));
        assertThat(curl(port, "-u", "alice:open sesame")).isEqualTo("ok 200");
        for (int i = 0; i < Guesses.AT_ONCE; i++) {
            assertThat(status(port, "alice:" + i)).isEqualTo(401);
        }
        assertThat(curl(port, "-i", "-u", "alice:more"))
                .contains("\r\nretry-after: 6\r\n", "too many wrong passwords from this address")
                .endsWith(" 429");
        assertThat(curl(port, "-u", "alice:open sesame")).isEqualTo("ok 200");
    }

    private static int status(int port, String credentials) throws IOException {
        String basic = Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8));
        String answer = RawHttp.ask(
                port,
                "GET / HTTP/1.1\r\nHost: web.localhost\r\nAuthorization: Basic " + basic
                        + "\r\nConnection: close\r\n\r\n");
        return Integer.parseInt(answer.substring(9, 12));
    }

    @Test
    void terms_that_nobody_understands_let_nobody_in() throws Exception {
        int port = serve(GatewayOptions.DEFAULT, List.of("everywhere"), List.of());
        assertThat(curl(port)).endsWith(" 403");
        site.edge.expose(ExposedService.of("shop", new Target.Tcp("127.0.0.1", server.getLocalPort()))
                .withPublicTerms(new PublicTerms(true, List.of(), List.of("alice:plain"), false)));
        assertThat(Curl.run(
                        "-u",
                        "alice:plain",
                        "-w",
                        " %{http_code}",
                        "-H",
                        "culvert-target: shop",
                        "http://127.0.0.1:" + port))
                .endsWith(" 401");
        assertThat(seen).isEmpty();
    }
}
