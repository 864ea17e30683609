package dev.culvert.link.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.culvert.policy.RelayCertificate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a relay's port does with whatever comes, before anybody is authenticated. [LINK-1] to [LINK-7] */
class LinkPortTest extends PortFixture {
    private static final String UPGRADE =
            "GET /culvert HTTP/1.1\r\nHost: r\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

    @TempDir
    Path directory;

    @Test
    void never_speaks_first_and_ends_the_silent() throws Exception {
        LinkPort port = secure(limits(256, 64, 4096, 200, 10_000, 10_000));
        assertThat(raw(port).readToEnd()).isEmpty();
        assertThat(raw(port).send(new byte[] {22, 3, 1}).readToEnd()).isEmpty();
        await().until(() -> port.unproved() == 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00001204000000000000000300000064", // SETTINGS of a reversed HTTP/2 server: nearly a yamux header
                "5353482d322e302d4f70656e5353485f392e32", // SSH
                "000000000000000100000000", // Data on 1 without SYN
                "000000010000000200000000", // SYN on an id that is not the first
                "020000010000000100000000", // version 2
                "000200010000000100000000", // Ping on a stream
                "000300010000000000000000", // GoAway first
                "160301000002000000000000", // a TLS record that does not begin with ClientHello
                "000000000000000000000000"
            })
    void bytes_that_match_nothing_are_closed_without_an_answer(String hex) throws Exception {
        LinkPort port = clear();
        assertThat(raw(port).send(HexFormat.of().parseHex(hex)).readToEnd()).isEmpty();
        assertThat(echo.links).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "000000010000000100000000",
                "010000010000000100000005",
                "010100010000000100000000",
                "000200010000000000000007"
            })
    void a_yamux_header_that_may_begin_a_session_is_a_link(String hex) throws Exception {
        byte[] header = HexFormat.of().parseHex(hex);
        assertThat(raw(clear()).send(header).read(12)).isEqualTo(header);
        assertThat(echo.links).hasSize(1);
        assertThat(echo.links.get(0).transport()).isEqualTo("tcp");
    }

    @Test
    void a_link_in_clear_is_refused_unless_configured() throws Exception {
        assertThat(raw(secure(AcceptLimits.DEFAULT)).send(Echo.FIRST).readToEnd())
                .isEmpty();
        assertThat(echo.links).isEmpty();
    }

    @Test
    void plain_http_is_answered_by_one_line_that_says_what_it_is() throws Exception {
        LinkPort port = secure(AcceptLimits.DEFAULT);
        for (String request : List.of(
                "GET / HTTP/1.1\r\nHost: r\r\n\r\n",
                "PUT /x HTTP/1.0\r\n\r\n",
                "POST /culvert HTTP/1.1\r\nHost: r\r\n\r\n")) {
            String answer = raw(port).send(request).readToEnd();
            assertThat(answer).startsWith("HTTP/1.1 426 ");
            assertThat(answer.split("\r\n\r\n")[1].strip())
                    .contains("Culvert link port")
                    .doesNotContain("\n");
        }
        String inside =
                tls(port, "http/1.1").send("GET / HTTP/1.1\r\nHost: r\r\n\r\n").readToEnd();
        assertThat(inside).contains("Culvert link port");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/9.9\r\n\r\n",
                "GET /%%% \r\n\r\n\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n"
            })
    void http_that_is_broken_ends_quickly(String request) throws Exception {
        String answer = raw(secure(AcceptLimits.DEFAULT)).send(request).readToEnd();
        assertThat(answer)
                .matches(text -> text.isEmpty() || text.startsWith("HTTP/1.1 4") || text.startsWith("HTTP/1.0 4"));
    }

    @Test
    void headers_without_an_end_are_cut() throws Exception {
        LinkPort port = secure(AcceptLimits.DEFAULT);
        Raw peer = raw(port).send("GET / HTTP/1.1\r\n");
        String answer;
        try {
            for (int i = 0; i < 100; i++) {
                peer.send("X-" + i + ": " + "x".repeat(1000) + "\r\n");
            }
        } catch (IOException closed) {
            assertThat(closed).isNotNull();
        }
        answer = peer.readToEnd();
        assertThat(answer).matches(text -> text.isEmpty() || text.startsWith("HTTP/1.1 4"));
    }

    @Test
    void a_page_from_elsewhere_cannot_open_a_link() throws Exception {
        LinkPort port = bind(LinkPortOptions.DEFAULT.withClear(true).withOrigins(Set.of("https://ops.example.com")));
        assertThat(raw(port)
                        .send(UPGRADE + "Origin: https://evil.example\r\n\r\n")
                        .readToEnd())
                .startsWith("HTTP/1.1 403 ");
        assertThat(raw(port).send(UPGRADE + "Origin: null\r\n\r\n").readToEnd()).startsWith("HTTP/1.1 403 ");
        assertThat(raw(port)
                        .send(UPGRADE + "Origin: https://ops.example.com\r\nOrigin: https://evil.example\r\n\r\n")
                        .readToEnd())
                .startsWith("HTTP/1.1 403 ");
        assertThat(raw(port)
                        .send(UPGRADE + "Origin: https://ops.example.com.evil.example\r\n\r\n")
                        .readToEnd())
                .startsWith("HTTP/1.1 403 ");
        assertThat(new String(
                        raw(port)
                                .send(UPGRADE + "Origin: https://OPS.example.com\r\n\r\n")
                                .read(12),
                        StandardCharsets.US_ASCII))
                .isEqualTo("HTTP/1.1 101");
        assertThat(new String(raw(port).send(UPGRADE + "\r\n").read(12), StandardCharsets.US_ASCII))
                .isEqualTo("HTTP/1.1 101");
    }

    @Test
    void websockets_in_clear_and_at_other_paths_are_refused() throws Exception {
        LinkPort port = secure(AcceptLimits.DEFAULT);
        assertThat(raw(port).send(UPGRADE + "\r\n").readToEnd())
                .startsWith("HTTP/1.1 403 ")
                .contains("wss://");
        assertThat(tls(port)
                        .send(UPGRADE.replace("/culvert", "/other") + "\r\n")
                        .readToEnd())
                .startsWith("HTTP/1.1 426 ");
        assertThat(tls(port)
                        .send(UPGRADE.replace("Version: 13", "Version: 99") + "\r\n")
                        .readToEnd())
                .startsWith("HTTP/1.1 426 ");
    }

    @Test
    void a_websocket_message_of_text_or_of_more_than_a_mebibyte_ends_the_link() throws Exception {
        LinkPort port = clear();
        Raw text = raw(port).send(UPGRADE + "\r\n");
        readHead(text);
        text.send(HexFormat.of().parseHex("818100000000") /* text, masked, 1 byte */)
                .send("x");
        assertThat(text.read(1)).as("a close frame").isEqualTo(new byte[] {(byte) 0x88});
        assertThat(text.readToEnd()).isNotNull();
        Raw huge = raw(port).send(UPGRADE + "\r\n");
        readHead(huge);
        huge.send(HexFormat.of().parseHex("82ff000000000010000100000000")); // 1 MiB and one byte
        assertThat(huge.readToEnd()).isNotNull();
        Raw unmasked = raw(port).send(UPGRADE + "\r\n");
        readHead(unmasked);
        unmasked.send(HexFormat.of().parseHex("820178"));
        assertThat(unmasked.readToEnd()).isNotNull();
    }

    @Test
    void tls_in_tls_is_refused() throws Exception {
        LinkPort port = secure(AcceptLimits.DEFAULT);
        byte[] clientHello = HexFormat.of().parseHex("160301004001000000000000");
        assertThat(tls(port).send(clientHello).readToEnd()).isEmpty();
        assertThat(tls(port, "culvert/1").send(clientHello).readToEnd()).isEmpty();
        assertThat(echo.links).isEmpty();
    }

    @Test
    void what_alpn_agreed_on_and_what_comes_are_the_same_thing() throws Exception {
        LinkPort port = secure(AcceptLimits.DEFAULT);
        assertThat(tls(port, "culvert/1")
                        .send("GET / HTTP/1.1\r\nHost: r\r\n\r\n")
                        .readToEnd())
                .isEmpty();
        assertThat(tls(port, "http/1.1").send(Echo.FIRST).readToEnd()).isEmpty();
        assertThat(echo.links).isEmpty();
        assertThat(tls(port, "culvert/1").send(Echo.FIRST).read(12)).isEqualTo(Echo.FIRST);
        assertThat(tls(port).send(Echo.FIRST).read(12)).isEqualTo(Echo.FIRST);
        assertThat(echo.links).extracting(IncomingLink::transport).containsExactly("tls", "tls");
    }

    @Test
    void a_proxy_header_counts_from_listed_addresses_only() throws Exception {
        byte[] header = HexFormat.of().parseHex(PROXY_V2 + "2111000c" + "cb007107" + "0a000001" + "3039" + "1d13");
        LinkPort listed = bind(LinkPortOptions.DEFAULT.withClear(true).withBalancers(List.of("127.0.0.0/8")));
        assertThat(raw(listed).send(header).send(Echo.FIRST).read(12)).isEqualTo(Echo.FIRST);
        assertThat(echo.links.get(0).remoteAddress()).isEqualTo("203.0.113.7:12345");
        assertThat(raw(listed).send(Echo.FIRST).read(12))
                .as("a health check without one")
                .isEqualTo(Echo.FIRST);
        LinkPort unlisted = bind(LinkPortOptions.DEFAULT.withClear(true).withBalancers(List.of("10.0.0.0/8")));
        assertThat(raw(unlisted).send(header).send(Echo.FIRST).readToEnd()).isEmpty();
        assertThat(echo.links).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"3111000c", "2f11000c", "2111ffff", "21110003"})
    void a_proxy_header_that_is_wrong_ends_the_connection(String rest) throws Exception {
        LinkPort port = bind(LinkPortOptions.DEFAULT.withClear(true).withBalancers(List.of("127.0.0.1")));
        byte[] header = HexFormat.of().parseHex(PROXY_V2 + rest + "cb0071070a00000130391d13");
        assertThat(raw(port).send(header).send(Echo.FIRST).readToEnd()).isEmpty();
        assertThat(echo.links).isEmpty();
    }

    @Test
    void an_acceptor_that_fails_costs_one_connection() throws Exception {
        AtomicReference<IncomingLink> failed = new AtomicReference<>();
        Endpoint endpoint = Endpoint.parse("tcp://127.0.0.1:0");
        LinkPort port = Echo.get(LinkPort.bind(loops, endpoint, LinkPortOptions.DEFAULT.withClear(true), link -> {
            if (failed.compareAndSet(null, link)) {
                throw new IllegalStateException("on purpose");
            }
            echo.onLink(link);
        }));
        open.add(port);
        assertThat(raw(port).send(Echo.FIRST).readToEnd()).isEmpty();
        assertThat(raw(port).send(Echo.FIRST).read(12)).isEqualTo(Echo.FIRST);
    }

    @Test
    void a_renewed_certificate_serves_the_next_connection() throws Exception {
        AtomicReference<RelayCertificate> current = new AtomicReference<>(CERTIFICATE);
        LinkPort port = bind(LinkPortOptions.DEFAULT.withCertificate(current::get));
        assertThat(tls(port).certificate()).isEqualTo(CERTIFICATE.leaf());
        RelayCertificate renewed = RelayCertificate.issue(RELAY, List.of("localhost"));
        current.set(renewed);
        assertThat(tls(port).certificate()).isEqualTo(renewed.leaf());
    }

    @Test
    void close_ends_strangers_and_leaves_established_links_alone() throws Exception {
        LinkPort port = clear();
        Raw good = raw(port).send(Echo.FIRST);
        good.read(12);
        IncomingLink link = echo.links.get(0);
        link.channel().eventLoop().execute(link::established);
        await().until(() -> port.unproved() == 0);
        Raw stranger = raw(port).send(Echo.FIRST);
        stranger.read(12);
        port.close();
        assertThat(stranger.readToEnd()).isEmpty();
        assertThat(good.send("hello").read(5)).isEqualTo("hello".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void a_port_in_use_is_named_with_the_next_step() throws Exception {
        LinkPort port = clear();
        Throwable taken =
                Echo.failure(LinkPort.bind(loops, port.endpoint(), LinkPortOptions.DEFAULT.withClear(true), echo));
        String number = port.endpoint().toString().replaceFirst(".*:", "");
        assertThat(taken)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(port.endpoint() + ": in use (expected: free)")
                .hasMessageContaining("ss -ltnp 'sport = :" + number + "'");
        Endpoint memory = new Endpoint.Memory("taken");
        open.add(Echo.get(LinkPort.bind(loops, memory, LinkPortOptions.DEFAULT, echo)));
        assertThat(Echo.failure(LinkPort.bind(loops, memory, LinkPortOptions.DEFAULT, echo)))
                .hasMessageContaining("mem:taken: in use");
    }

    @Test
    void a_port_that_could_take_nothing_does_not_start() throws Exception {
        assertThat(Echo.failure(LinkPort.bind(loops, ANY, LinkPortOptions.DEFAULT.withClear(false), echo)))
                .hasMessageContaining("tls://127.0.0.1:0")
                .hasMessageContaining("without a certificate");
        assertThat(Echo.failure(
                        LinkPort.bind(loops, Endpoint.parse("tcp://127.0.0.1:0"), LinkPortOptions.DEFAULT, echo)))
                .hasMessageContaining("neither TLS nor links in clear");
        assertThat(Echo.failure(LinkPort.bind(
                        loops,
                        ANY,
                        LinkPortOptions.DEFAULT.withClear(true).withBalancers(List.of("10.0.0.0/99")),
                        echo)))
                .hasMessageContaining("'10.0.0.0/99'");
        assertThat(Echo.failure(LinkPort.bind(
                        loops,
                        Endpoint.parse("tcp://no-such-host.invalid:0"),
                        LinkPortOptions.DEFAULT.withClear(true),
                        echo)))
                .hasMessageContaining("no-such-host.invalid");
    }

    @Test
    void a_unix_socket_is_for_its_owner_and_a_stale_one_is_replaced() throws Exception {
        Path path = directory.resolve("link.sock");
        Endpoint endpoint = new Endpoint.Unix(path);
        try (java.nio.channels.ServerSocketChannel stale =
                java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            stale.bind(java.net.UnixDomainSocketAddress.of(path));
        }
        assertThat(path).exists();
        LinkPort port = Echo.get(LinkPort.bind(loops, endpoint, LinkPortOptions.DEFAULT, echo));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
        assertThat(Echo.failure(LinkPort.bind(loops, endpoint, LinkPortOptions.DEFAULT, echo)))
                .hasMessageContaining("in use");
        port.close();
        Echo.get(port.closed());
        await().until(() -> Files.notExists(path));
        Files.writeString(path, "precious");
        assertThat(Echo.failure(LinkPort.bind(loops, endpoint, LinkPortOptions.DEFAULT, echo)))
                .hasMessageContaining("a file is there already");
        assertThat(path).hasContent("precious");
    }

    private static void readHead(Raw peer) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            head.append((char) peer.read(1)[0]);
        }
        assertThat(head.toString()).startsWith("HTTP/1.1 101 ");
    }
}
