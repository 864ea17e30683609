package dev.culvert.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.api.BindOptions;
import dev.culvert.api.PublicTerms;
import dev.culvert.node.ExposedService;
import dev.culvert.node.ProxyProtocol;
import dev.culvert.node.RawHttp;
import dev.culvert.node.Target;
import dev.culvert.node.TargetOptions;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients behind a load balancer that says who they are, in the PROXY protocol. */
@Timeout(60)
final class ProxyHeaderTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: web.localhost\r\nConnection: close\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
    private static final String V1 = "PROXY TCP4 203.0.113.7 192.0.2.1 50000 443\r\n";
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    private static final GatewayOptions BALANCED =
            GatewayOptions.DEFAULT.withBalancers(TrustedProxies.of(List.of("127.0.0.0/8")));

    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    private Site site;

    @BeforeEach
    void start() throws IOException {
        site = new Site();
        PublicTerms terms = PublicTerms.ANYONE.withNetwork("203.0.113.0/24").withNetwork("2001:db8::/32");
        site.edge.bind("web", BindOptions.DEFAULT.withPublicTerms(terms), stream -> {
            seen.add(RawHttp.readRequest(stream.input()));
            stream.output().write(OK.getBytes(US_ASCII));
        });
    }

    @AfterEach
    void stop() {
        site.close();
    }

    private Access access() {
        return (address, credential) ->
                new Access.Admitted(address, "", site.relay.publication(address).terms());
    }

    private int gateway() throws IOException {
        return site.gateway(BALANCED, access());
    }

    /** In version 2: version and command, family, then addresses. */
    private static String second(String command, String rest) {
        return new String(HexFormat.of().parseHex(SIGNATURE + command + rest), ISO_8859_1);
    }

    @Test
    void the_client_that_it_names_counts_for_terms_for_the_service_and_for_the_log() throws Exception {
        int port = gateway();
        String six = second(
                "21",
                "21" + "0027" + "20010db8000000000000000000000007" + "20010db8000000000000000000000001" + "c350"
                        + "01bb" + "e00000"); // and an empty extra
        for (String header : List.of(V1, second("21", "11000ccb007107c0000201c35001bb"), six)) {
            assertThat(RawHttp.ask(port, header + GET)).endsWith("ok");
            String client = header == six ? "2001:db8::7" : "203.0.113.7";
            assertThat(seen.poll(20, TimeUnit.SECONDS))
                    .contains("X-Forwarded-For: " + client + "\r\n")
                    .contains("Forwarded: for=" + (header == six ? "\"[" + client + "]\"" : client) + ";");
            assertThat(site.log.poll(20, TimeUnit.SECONDS).toJson()).contains("\"client\":\"" + client + "\"");
        }
        assertThat(RawHttp.ask(port, V1.replace("203.0.113.7", "198.51.100.7") + GET))
                .contains(" 403 ", "takes no calls from 198.51.100.7");
    }

    @Test
    void a_header_in_pieces_is_one_and_a_balancer_that_speaks_for_itself_is_itself() throws Exception {
        int port = gateway();
        try (Socket socket = RawHttp.connect(port)) {
            socket.setTcpNoDelay(true);
            OutputStream out = socket.getOutputStream();
            for (byte piece : (V1 + GET).getBytes(ISO_8859_1)) {
                out.write(piece);
            }
            assertThat(new String(socket.getInputStream().readAllBytes(), ISO_8859_1))
                    .endsWith("ok");
        }
        assertThat(RawHttp.ask(port, second("20", "000000") + GET)).contains(" 403 ", "takes no calls from 127.0.0.1");
        assertThat(RawHttp.ask(port, "PROXY UNKNOWN\r\n" + GET)).contains(" 403 ", "an address that is not known");
    }

    @Test
    void http_2_and_tls_begin_behind_it() throws Exception {
        X509Bundle own = Issued.to("gateway")
                .addSanDnsName("web.localhost")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        Certificates certificates = Certificates.of(List.of(Issued.pem("own", own)));
        Gateway gateway = site.newGateway(BALANCED, access());
        int plain = site.enter(gateway);
        int secure = site.enter(gateway.secure(() -> certificates));
        assertThat(Curl.run("--haproxy-protocol", "--http2-prior-knowledge", "http://web.localhost:" + plain + "/"))
                .as("curl names itself")
                .contains("takes no calls from 127.0.0.1");
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        try (Socket socket = RawHttp.connect(secure)) {
            RawHttp.write(socket, V1);
            SSLSocket inner =
                    (SSLSocket) context.getSocketFactory().createSocket(socket, "web.localhost", secure, true);
            inner.getOutputStream().write(GET.getBytes(US_ASCII));
            assertThat(new String(inner.getInputStream().readAllBytes(), US_ASCII))
                    .endsWith("ok");
        }
        assertThat(seen.poll(20, TimeUnit.SECONDS)).contains("for=203.0.113.7;host=\"web.localhost\";proto=https");
    }

    @Test
    void a_target_that_is_told_who_calls_is_told_the_client() throws Exception {
        try (WebServer server = new WebServer(WebServer.Speech.PROXIED, null)) {
            site.edge.expose(ExposedService.of("told", new Target.Tcp("127.0.0.1", server.port()))
                    .withPublicTerms(PublicTerms.ANYONE)
                    .withOptions(TargetOptions.DEFAULT.withProxyProtocol(ProxyProtocol.V2)));
            assertThat(RawHttp.ask(gateway(), V1 + GET.replace("web.", "told.")))
                    .endsWith(" 203.0.113.7:50000");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                GET,
                "PROXY TCP4 203.0.113.7 192.0.2.1 50000\r\n",
                "PROXY TCP4 203.0.113.700 192.0.2.1 50000 443\r\n",
                "PROXY TCP4 2001:db8::7 2001:db8::1 50000 443\r\n",
                "PROXY TCP4 203.0.113.7 192.0.2.1 70000 443\r\n",
                "PROXY TCP4 203.0.113.7 192.0.2.1 50000 443 and so on and so on and so on and so on and so on and so on and so on",
            })
    void what_is_no_header_from_a_balancer_ends_the_connection(String first) throws IOException {
        assertThat(RawHttp.ask(gateway(), first)).isEmpty();
        assertThat(seen).isEmpty();
    }

    @Test
    void so_does_what_begins_like_one() throws IOException {
        int port = gateway();
        for (String bad : List.of(
                second("31", "11000ccb007107c0000201c35001bb"),
                second("22", "11000ccb007107c0000201c35001bb"),
                second("21", "110004cb007107"),
                second("21", "11ffffcb007107c0000201c35001bb" + "00".repeat(3000)))) {
            assertThat(RawHttp.ask(port, bad + GET)).isEmpty();
        }
        assertThat(seen).isEmpty();
    }

    @Test
    void a_header_from_anybody_else_is_no_request_and_one_that_does_not_come_is_not_waited_for() throws Exception {
        int elsewhere = site.gateway(
                GatewayOptions.DEFAULT.withBalancers(TrustedProxies.of(List.of("192.0.2.0/24"))), access());
        assertThat(RawHttp.ask(elsewhere, V1 + GET)).startsWith("HTTP/1.1 400 ");
        assertThat(RawHttp.ask(elsewhere, second("21", "11000ccb007107c0000201c35001bb") + GET))
                .startsWith("HTTP/1.1 400 ");
        int hasty = site.gateway(BALANCED.withTimes(GatewayTimes.DEFAULT.withHead(Duration.ofMillis(200))), access());
        try (Socket silent = RawHttp.connect(hasty)) {
            RawHttp.write(silent, "PROXY TCP4 203");
            assertThat(silent.getInputStream().readAllBytes()).isEmpty();
        }
        assertThat(seen).isEmpty();
    }
}
