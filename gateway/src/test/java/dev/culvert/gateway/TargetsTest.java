package dev.culvert.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.gateway.WebServer.Speech;
import dev.culvert.node.ExposedService;
import dev.culvert.node.ProxyProtocol;
import dev.culvert.node.RawHttp;
import dev.culvert.node.Target;
import dev.culvert.node.TargetOptions;
import dev.culvert.node.TargetTrust;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Targets that want more than HTTP/1.1 in clear, each a real server. */
final class TargetsTest {
    private static X509Bundle certificate;

    private final List<WebServer> servers = new ArrayList<>();
    private Site site;
    private int port;

    @BeforeAll
    static void make() throws Exception {
        certificate = new CertificateBuilder()
                .algorithm(CertificateBuilder.Algorithm.ecp256)
                .subject("CN=target")
                .addSanIpAddress("127.0.0.1")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    @BeforeEach
    void start() throws IOException {
        site = new Site();
        port = site.gateway();
    }

    @AfterEach
    void stop() {
        servers.forEach(WebServer::close);
        site.close();
    }

    private WebServer serve(Speech speech, boolean tls) throws Exception {
        WebServer server = new WebServer(speech, tls ? tls() : null);
        servers.add(server);
        return server;
    }

    private static SslContext tls() throws IOException {
        return SslContextBuilder.forServer(certificate.getKeyPair().getPrivate(), certificate.getCertificatePath())
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        "h2",
                        "http/1.1"))
                .build();
    }

    private void expose(WebServer server, boolean tls, TargetOptions options) throws IOException {
        Target.Tcp address = new Target.Tcp("127.0.0.1", server.port());
        site.edge.expose(ExposedService.of("web", tls ? new Target.Https(address) : address)
                .withOptions(options));
    }

    private static TargetOptions trusting() {
        return TargetOptions.DEFAULT.withTrust(new TargetTrust(List.of(certificate.getCertificate()), true));
    }

    private HttpResponse<String> ask(HttpClient.Version version, @Nullable String body) throws Exception {
        HttpClient client = HttpClient.newBuilder().version(version).build();
        var request = Site.request(port, "web", "/a%2Fb?c");
        return client.send(
                body == null
                        ? request.build()
                        : request.POST(BodyPublishers.ofString(body)).build(),
                BodyHandlers.ofString());
    }

    @ParameterizedTest
    @CsvSource({"false, false, '1 -'", "true, false, '1 -'", "false, true, '2 http'", "true, true, '2 https'"})
    void a_service_is_spoken_to_as_its_agent_says(boolean tls, boolean second, String how) throws Exception {
        expose(
                serve(second && !tls ? Speech.HTTP_2 : Speech.HTTP_1, tls),
                tls,
                trusting().withHttp2(second));
        String host = "127.0.0.1:" + port;
        for (int i = 0; i < 2; i++) {
            assertThat(ask(HttpClient.Version.HTTP_1_1, null).body())
                    .isEqualTo(how + " " + host + " GET /a%2Fb?c 0 nobody");
        }
        assertThat(ask(HttpClient.Version.HTTP_1_1, "x".repeat(300_000)).body())
                .isEqualTo(how + " " + host + " POST /a%2Fb?c 300000 nobody");
    }

    @Test
    void http_2_passes_from_end_to_end_and_its_connection_is_used_again() throws Exception {
        WebServer server = serve(Speech.HTTP_2, false);
        expose(server, false, TargetOptions.DEFAULT.withHttp2(true));
        int before = server.connections.get();
        try (Http2Peer peer = Http2Peer.connect(port)) {
            for (int stream = 1; stream < 12; stream += 2) {
                peer.request(stream, true, Http2Peer.fields("GET", "web.localhost", "/" + stream));
                assertThat(peer.answer(stream).body()).isEqualTo("2 http web.localhost GET /" + stream + " 0 nobody");
            }
            peer.request(13, true, Http2Peer.fields("HEAD", "web.localhost", "/"));
            assertThat(peer.await(Http2Peer.HEADERS).ends()).isTrue();
            peer.request(15, true, Http2Peer.fields("HEAD", "web.localhost", WebServer.RUDE));
            peer.await(Http2Peer.RST_STREAM);
        }
        assertThat(server.connections.get() - before).isLessThanOrEqualTo(2);
    }

    @Test
    void an_answer_that_is_refused_by_tls_is_502_with_the_reason_at_once() throws Exception {
        expose(serve(Speech.HTTP_1, true), true, TargetOptions.DEFAULT);
        HttpResponse<String> answer = ask(HttpClient.Version.HTTP_1_1, null);
        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body())
                .contains("TARGET_REFUSED", "https://127.0.0.1:", "certificate is not trusted", "edge7");
    }

    @Test
    void the_host_is_rewritten_in_either_version_for_servers_that_know_one_host_only() throws Exception {
        WebServer server = serve(Speech.HTTP_1, false);
        expose(server, false, TargetOptions.DEFAULT.withHostHeader(TargetOptions.OWN_HOST));
        assertThat(ask(HttpClient.Version.HTTP_1_1, null).body())
                .isEqualTo("1 - 127.0.0.1:" + server.port() + " GET /a%2Fb?c 0 nobody");
        WebServer second = serve(Speech.HTTP_2, false);
        site.edge.expose(ExposedService.of("dev", new Target.Tcp("127.0.0.1", second.port()))
                .withOptions(TargetOptions.DEFAULT.withHttp2(true).withHostHeader("dev.example:5173")));
        String answer = RawHttp.ask(
                port, "GET / HTTP/1.1\r\nHost: www.example.com\r\nculvert-target: dev\r\nConnection: close\r\n\r\n");
        assertThat(answer).endsWith("2 http dev.example:5173 GET / 0 nobody");
    }

    @Test
    void a_websocket_to_a_service_in_http_2_that_takes_none_comes_in_http_1_1() throws Exception {
        expose(serve(Speech.HTTP_1, true), true, trusting().withHttp2(true));
        String upgrade = "GET /ws HTTP/1.1\r\nHost: web.localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
        assertThat(RawHttp.ask(port, upgrade)).endsWith("1 - web.localhost GET /ws 0 nobody");
    }

    @ParameterizedTest
    @CsvSource({"V1, false", "V2, true"})
    void a_connection_that_names_its_client_carries_requests_of_that_client_only(ProxyProtocol version, boolean tls)
            throws Exception {
        WebServer server = serve(Speech.PROXIED, tls);
        expose(server, tls, trusting().withProxyProtocol(version));
        ask(HttpClient.Version.HTTP_1_1, null);
        int before = server.connections.get();
        int clients = 5;
        List<Socket> open = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            Socket client = RawHttp.connect(port);
            open.add(client);
            for (int request = 0; request < 3; request++) {
                assertThat(get(client)).endsWith(" 127.0.0.1:" + client.getLocalPort());
            }
        }
        assertThat(server.connections.get() - before)
                .as("and the relay's probe, if it comes late")
                .isBetween(clients, clients + 1);
        for (Socket client : open) {
            client.close();
        }
    }

    /** The body. */
    private static String get(Socket client) throws IOException {
        RawHttp.write(client, "GET / HTTP/1.1\r\nHost: web.localhost\r\n\r\n");
        String head = RawHttp.readHead(client.getInputStream());
        int length = Integer.parseInt(head.replaceAll("(?is).*content-length: (\\d+).*", "$1"));
        return new String(client.getInputStream().readNBytes(length), StandardCharsets.UTF_8);
    }
}
