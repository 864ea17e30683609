package dev.culvert.gateway;

import static dev.culvert.gateway.Http2Peer.ACK;
import static dev.culvert.gateway.Http2Peer.CLOSED;
import static dev.culvert.gateway.Http2Peer.CONTINUATION;
import static dev.culvert.gateway.Http2Peer.DATA;
import static dev.culvert.gateway.Http2Peer.END_HEADERS;
import static dev.culvert.gateway.Http2Peer.END_STREAM;
import static dev.culvert.gateway.Http2Peer.GOAWAY;
import static dev.culvert.gateway.Http2Peer.HEADERS;
import static dev.culvert.gateway.Http2Peer.PING;
import static dev.culvert.gateway.Http2Peer.PRIORITY;
import static dev.culvert.gateway.Http2Peer.PUSH_PROMISE;
import static dev.culvert.gateway.Http2Peer.RST_STREAM;
import static dev.culvert.gateway.Http2Peer.SETTINGS;
import static dev.culvert.gateway.Http2Peer.WINDOW_UPDATE;
import static dev.culvert.gateway.Http2Peer.block;
import static dev.culvert.gateway.Http2Peer.fields;
import static dev.culvert.gateway.Http2Peer.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.culvert.node.RawHttp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Frames that a client of HTTP/2 must not send, each with the section of RFC 9113 or RFC 7541 that says so, written anew: what is wrong with the
 * connection ends it, what is wrong with a request resets it, and nothing of either reaches a service.
 */
final class Http2CorpusTest {
    private static final int PROTOCOL_ERROR = 1;
    private static final int FLOW_CONTROL_ERROR = 3;
    private static final int STREAM_CLOSED = 5;
    private static final int FRAME_SIZE_ERROR = 6;
    private static final int COMPRESSION_ERROR = 9;
    private static final int ENHANCE_YOUR_CALM = 11;
    private static final String[] GET = fields("GET", "web.localhost", "/");
    private static final BlockingQueue<String> SEEN = new LinkedBlockingQueue<>();
    private static Site site;
    private static int port;

    @BeforeAll
    static void start() throws IOException {
        site = new Site();
        port = site.gateway();
        site.serve("web", stream -> {
            while (true) {
                SEEN.add(RawHttp.readHead(stream.input()));
                Site.say(stream, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            }
        });
        site.serve("wait", stream -> stream.input().readAllBytes());
    }

    @AfterAll
    static void stop() {
        site.close();
    }

    /** What a client says. */
    interface Says {
        void to(Http2Peer peer) throws IOException;
    }

    private static Arguments ends(String section, int error, Says says) {
        return Arguments.of(section, error, says);
    }

    private static Says frame(int type, int flags, int stream, String payload) {
        return peer -> peer.frame(type, flags, stream, hex(payload));
    }

    private static Says open(Says then) {
        return peer -> {
            peer.request(1, false, fields("POST", "wait.localhost", "/"));
            then.to(peer);
        };
    }

    static Stream<Arguments> connections() {
        return Stream.of(framing(), settings(), blocks()).flatMap(List::stream);
    }

    private static List<Arguments> framing() {
        String piece = "00".repeat(16_385);
        return List.of(
                ends(
                        "4.2 a frame longer than SETTINGS_MAX_FRAME_SIZE",
                        FRAME_SIZE_ERROR,
                        open(frame(DATA, 0, 1, piece))),
                ends("5.1 DATA on an idle stream", PROTOCOL_ERROR, frame(DATA, 1, 1, "00")),
                ends("5.1 RST_STREAM on an idle stream", PROTOCOL_ERROR, frame(RST_STREAM, 0, 1, "00000008")),
                ends("5.1 WINDOW_UPDATE on an idle stream", PROTOCOL_ERROR, frame(WINDOW_UPDATE, 0, 1, "00000064")),
                ends("5.1.1 a stream of the server's", PROTOCOL_ERROR, peer -> peer.request(2, true, GET)),
                ends("6.1 DATA on stream 0", PROTOCOL_ERROR, frame(DATA, 1, 0, "00")),
                ends("6.1 more padding than payload", PROTOCOL_ERROR, open(frame(DATA, 8, 1, "0500"))),
                ends("6.2 HEADERS on stream 0", PROTOCOL_ERROR, peer -> peer.request(0, true, GET)),
                ends("6.3 PRIORITY on stream 0", PROTOCOL_ERROR, frame(PRIORITY, 0, 0, "0000000110")),
                ends("6.4 RST_STREAM on stream 0", PROTOCOL_ERROR, frame(RST_STREAM, 0, 0, "00000008")),
                ends("6.4 RST_STREAM of three bytes", FRAME_SIZE_ERROR, open(frame(RST_STREAM, 0, 1, "000008"))),
                ends("6.6 PUSH_PROMISE of a client", PROTOCOL_ERROR, open(frame(PUSH_PROMISE, 4, 1, "00000002"))),
                ends("6.7 PING on a stream", PROTOCOL_ERROR, frame(PING, 0, 1, "0000000000000000")),
                ends("6.7 PING of six bytes", FRAME_SIZE_ERROR, frame(PING, 0, 0, "000000000000")),
                ends("6.8 GOAWAY on a stream", PROTOCOL_ERROR, frame(GOAWAY, 0, 1, "0000000000000000")),
                ends("6.9 WINDOW_UPDATE of nothing", PROTOCOL_ERROR, frame(WINDOW_UPDATE, 0, 0, "00000000")),
                ends("6.9 WINDOW_UPDATE of three bytes", FRAME_SIZE_ERROR, frame(WINDOW_UPDATE, 0, 0, "000001")),
                ends("6.9.1 a window above 2^31-1", FLOW_CONTROL_ERROR, frame(WINDOW_UPDATE, 0, 0, "7fffffff")));
    }

    private static List<Arguments> settings() {
        return List.of(
                ends("6.5 SETTINGS on a stream", PROTOCOL_ERROR, frame(SETTINGS, 0, 1, "000300000064")),
                ends("6.5 SETTINGS of three bytes", FRAME_SIZE_ERROR, frame(SETTINGS, 0, 0, "000300")),
                ends("6.5 an acknowledgement with payload", FRAME_SIZE_ERROR, frame(SETTINGS, ACK, 0, "000300000064")),
                ends("6.5.2 ENABLE_PUSH of 2", PROTOCOL_ERROR, frame(SETTINGS, 0, 0, "000200000002")),
                ends("6.5.2 a window above 2^31-1", FLOW_CONTROL_ERROR, frame(SETTINGS, 0, 0, "000480000000")),
                ends("6.5.2 frames below 2^14", PROTOCOL_ERROR, frame(SETTINGS, 0, 0, "000500003fff")),
                ends("6.5.2 frames above 2^24-1", PROTOCOL_ERROR, frame(SETTINGS, 0, 0, "000501000000")));
    }

    private static List<Arguments> blocks() {
        byte[] whole = block(GET);
        byte[] half = Arrays.copyOf(whole, whole.length / 2);
        Says begin = peer -> peer.frame(HEADERS, END_STREAM, 1, half);
        return List.of(
                ends("6.10 CONTINUATION of nothing", PROTOCOL_ERROR, frame(CONTINUATION, 4, 1, "00")),
                ends(
                        "6.10 CONTINUATION of another stream",
                        PROTOCOL_ERROR,
                        both(begin, frame(CONTINUATION, 4, 3, "00"))),
                ends("4.3 DATA within a header section", PROTOCOL_ERROR, both(begin, frame(DATA, 0, 1, "00"))),
                ends(
                        "4.3 PRIORITY within a header section",
                        PROTOCOL_ERROR,
                        both(begin, frame(PRIORITY, 0, 1, "0000000010"))),
                ends(
                        "4.3 an unknown frame within a header section",
                        PROTOCOL_ERROR,
                        both(begin, frame(22, 0, 1, "00"))),
                ends(
                        "5.5 HEADERS of another stream within one",
                        PROTOCOL_ERROR,
                        both(begin, peer -> peer.request(3, true, GET))),
                ends("RFC 7541 6.1 index 0", COMPRESSION_ERROR, frame(HEADERS, 5, 1, "80")),
                ends("RFC 7541 2.3.3 an index beyond the tables", COMPRESSION_ERROR, frame(HEADERS, 5, 1, "c6")),
                ends("RFC 7541 6.3 a table larger than agreed", COMPRESSION_ERROR, frame(HEADERS, 5, 1, "3fe2ff7f")),
                ends(
                        "RFC 7541 5.2 Huffman with the EOS symbol",
                        COMPRESSION_ERROR,
                        frame(HEADERS, 5, 1, "000161 84ffffffff")),
                ends(
                        "RFC 7541 5.2 Huffman with long padding",
                        COMPRESSION_ERROR,
                        frame(HEADERS, 5, 1, "000161 821fff")));
    }

    private static Says both(Says first, Says second) {
        return peer -> {
            first.to(peer);
            second.to(peer);
        };
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("connections")
    void what_is_wrong_with_the_connection_ends_it(String section, int error, Says says) throws Exception {
        SEEN.clear();
        try (Http2Peer peer = Http2Peer.connect(port)) {
            says.to(peer);
            Http2Peer.Frame end = peer.await(GOAWAY);
            assertThat(end.type()).as("GOAWAY").isEqualTo(GOAWAY);
            assertThat(end.error()).isEqualTo(error);
            assertThat(peer.await(CLOSED).type()).isEqualTo(CLOSED);
        }
        assertThat(SEEN).isEmpty();
    }

    private static String[] get(String... more) {
        return fields("GET", "web.localhost", "/", more);
    }

    private static String[] without(String name) {
        List<String> left = new ArrayList<>();
        for (int i = 0; i < GET.length; i += 2) {
            if (!GET[i].equals(name)) {
                left.add(GET[i]);
                left.add(GET[i + 1]);
            }
        }
        return left.toArray(String[]::new);
    }

    static Stream<Arguments> requests() {
        return Stream.of(
                request("8.2 upper case", get("X-Upper", "1")),
                request("8.2.1 a space in a name", get("x y", "1")),
                request("8.2.1 a colon in a name", get("x:y", "1")),
                request("8.2.1 a line end in a name", get("x\r\ny", "1")),
                request("8.2.1 an empty name", get("", "1")),
                request("8.2.1 a line end in a value", get("x", "1\r\nhost: other")),
                request("8.2.1 a lone line feed in a value", get("x", "1\nhost: other")),
                request("8.2.1 a NUL in a value", get("x", "1\u00002")),
                request("8.2.1 space around a value", get("x", " 1")),
                request("8.2.2 connection", get("connection", "close")),
                request("8.2.2 keep-alive", get("keep-alive", "1")),
                request("8.2.2 proxy-connection", get("proxy-connection", "close")),
                request("8.2.2 upgrade", get("upgrade", "h2c")),
                request("8.2.2 transfer-encoding", get("transfer-encoding", "chunked")),
                request("8.2.2 te other than trailers", get("te", "gzip")),
                request("8.3 an unknown pseudo-header", get(":x", "1")),
                request("8.3 a pseudo-header of responses", get(":status", "200")),
                request("8.3 a pseudo-header behind a field", get("x", "1", ":path", "/other")),
                request("8.3 :method twice", fields("GET", "web.localhost", "/", ":method", "POST")),
                request("8.3 :path twice", fields("GET", "web.localhost", "/", ":path", "/other")),
                request("8.3 :authority twice", fields("GET", "web.localhost", "/", ":authority", "other")),
                request("8.3.1 no :method", without(":method")),
                request("8.3.1 no :scheme", without(":scheme")),
                request("8.3.1 no :path", without(":path")),
                request("8.3.1 an empty :path", fields("GET", "web.localhost", "")),
                request("8.3.1 a :path without a slash", fields("GET", "web.localhost", "x")),
                request("8.3.1 a :path with a line", fields("GET", "web.localhost", "x HTTP/1.1\r\nx: y")),
                request("8.3.1 a :method with a space", fields("GET / HTTP/1.1\r\nx:", "web.localhost", "/")),
                request("8.3.1 another host", get("host", "other.localhost")),
                request("8.5 CONNECT with a :path", fields("CONNECT", "web.localhost", "/")),
                request("8.1.1 a length that is not that of the body", get("content-length", "1")),
                request("8.1.1 two lengths", get("content-length", "0", "content-length", "1")),
                request("8.1.1 a length that is no number", get("content-length", "+0")));
    }

    private static Arguments request(String section, String[] fields) {
        return Arguments.of(section, fields);
    }

    /** Also those from which a parser of HTTP/1.1 behind the gateway would read a second request. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("requests")
    void a_malformed_request_is_reset_and_reaches_nobody(String section, String[] fields) throws Exception {
        SEEN.clear();
        try (Http2Peer peer = Http2Peer.connect(port)) {
            peer.request(1, true, fields);
            Http2Peer.Frame reset = peer.await(RST_STREAM);
            assertThat(reset.type()).isEqualTo(RST_STREAM);
            assertThat(reset.error()).isEqualTo(PROTOCOL_ERROR);
            peer.get(3, "web", "/after");
            assertThat(peer.answer(3).status()).as("the connection lives on").isEqualTo("200");
        }
        assertThat(SEEN).hasSize(1).first().asString().startsWith("GET /after HTTP/1.1\r\n");
    }

    @Test
    void bodies_and_trailers_that_are_wrong_reset_their_request() throws Exception {
        try (Http2Peer peer = Http2Peer.connect(port)) {
            peer.request(1, false, fields("POST", "wait.localhost", "/", "content-length", "1"));
            peer.data(1, true, "two");
            assertThat(peer.await(RST_STREAM).error()).as("8.1.1").isEqualTo(PROTOCOL_ERROR);
            peer.request(3, false, fields("POST", "wait.localhost", "/"));
            peer.request(3, true, ":path", "/x");
            assertThat(peer.await(RST_STREAM).error())
                    .as("8.1 a pseudo-header in trailers")
                    .isEqualTo(PROTOCOL_ERROR);
            peer.request(5, false, fields("POST", "wait.localhost", "/"));
            peer.request(5, false, "x", "1");
            assertThat(peer.await(RST_STREAM).error())
                    .as("8.1 trailers that end nothing")
                    .isEqualTo(PROTOCOL_ERROR);
            peer.request(7, true, fields("GET", "wait.localhost", "/"));
            peer.data(7, true, "more");
            assertThat(peer.await(RST_STREAM).error()).as("5.1 half-closed").isEqualTo(STREAM_CLOSED);
            peer.request(9, false, fields("POST", "wait.localhost", "/"));
            peer.grant(9, Integer.MAX_VALUE);
            assertThat(peer.await(RST_STREAM).error()).as("6.9.1").isEqualTo(FLOW_CONTROL_ERROR);
        }
    }

    @Test
    void trailers_that_say_what_only_heads_can_say_harm_no_other_request() throws Exception {
        try (Http2Peer peer = Http2Peer.connect(port)) {
            peer.request(1, false, fields("POST", "wait.localhost", "/"));
            peer.request(3, false, fields("POST", "web.localhost", "/"));
            peer.request(3, true, "content-length", "9", "trailer", "x", "host", "other");
            assertThat(peer.answer(3).status()).isEqualTo("200");
            peer.get(5, "web", "/");
            assertThat(peer.answer(5).status()).as("the connection lives on").isEqualTo("200");
        }
    }

    @Test
    void what_may_be_there_does_no_harm() throws Exception {
        try (Http2Peer peer = Http2Peer.connect(port)) {
            peer.frame(22, 0xff, 0, hex("00"));
            peer.frame(SETTINGS, 0, 0, hex("00ff00000001"));
            peer.frame(PRIORITY, 0, 3, hex("80000000ff"));
            peer.frame(PING, 0, 0, hex("0102030405060708"));
            Http2Peer.Frame pong = peer.await(PING);
            assertThat(pong.flags()).isEqualTo(ACK);
            assertThat(pong.payload()).isEqualTo(hex("0102030405060708"));
            byte[] whole = block(GET);
            peer.frame(HEADERS, END_STREAM, 1, Arrays.copyOf(whole, 5));
            peer.frame(CONTINUATION, 0, 1, Arrays.copyOfRange(whole, 5, 9));
            peer.frame(CONTINUATION, END_HEADERS, 1, Arrays.copyOfRange(whole, 9, whole.length));
            assertThat(peer.answer(1).status()).isEqualTo("200");
            peer.frame(WINDOW_UPDATE, 0, 1, hex("00000001"));
            peer.frame(RST_STREAM, 0, 1, hex("000000ff"));
            peer.get(3, "web", "/");
            assertThat(peer.answer(3).status()).isEqualTo("200");
        }
    }

    @Test
    void headers_that_are_too_large_are_a_431_or_the_end() throws Exception {
        try (Http2Peer peer = Http2Peer.connect(port)) {
            String large = "x".repeat(8_000);
            peer.request(1, true, get("a", large));
            assertThat(peer.answer(1).status()).isEqualTo("200");
            String[] many = get("a", large, "b", "x".repeat(7_000));
            byte[] first = block(many);
            peer.frame(HEADERS, END_STREAM, 3, first);
            peer.frame(CONTINUATION, 0, 3, block("c", large, "d", large));
            peer.frame(CONTINUATION, END_HEADERS, 3, block("e", "x".repeat(2_000)));
            Http2Peer.Frame head = peer.await(HEADERS);
            assertThat(peer.head(head)).containsEntry(":status", "431");
        }
    }

    /** CVE-2023-44487, and its likes that cost the server more than the client. */
    static Stream<Arguments> floods() {
        return Stream.of(
                Arguments.of("CVE-2023-44487 requests that are reset at once", (Says) peer -> {
                    for (int stream = 1; stream < 4_000; stream += 2) {
                        peer.request(stream, false, fields("POST", "wait.localhost", "/"));
                        peer.frame(RST_STREAM, 0, stream, hex("00000008"));
                    }
                }),
                Arguments.of("CVE-2025-8671 requests that the server is made to reset", (Says) peer -> {
                    for (int stream = 1; stream < 4_000; stream += 2) {
                        peer.request(stream, false, fields("POST", "wait.localhost", "/"));
                        peer.frame(WINDOW_UPDATE, 0, stream, hex("00000000"));
                    }
                }),
                Arguments.of("CVE-2024-27316 a header section without end", (Says) peer -> {
                    peer.frame(HEADERS, END_STREAM, 1, block(GET));
                    for (int i = 0; i < 2_000; i++) {
                        peer.frame(CONTINUATION, 0, 1, block("x", "y"));
                    }
                }),
                Arguments.of("CVE-2019-9518 frames of nothing", open(peer -> {
                    for (int i = 0; i < 2_000; i++) {
                        peer.frame(DATA, 0, 1);
                    }
                })));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("floods")
    void a_flood_ends_its_connection_and_no_other(String name, Says flood) throws Exception {
        try (Http2Peer peer = Http2Peer.connect(port);
                Http2Peer other = Http2Peer.connect(port)) {
            try {
                flood.to(peer);
            } catch (IOException closed) {
                assertThat(closed).hasMessageMatching("(?i).*(broken pipe|reset|closed|abort).*");
            }
            Http2Peer.Frame end = peer.await(GOAWAY);
            assertThat(end.type() == CLOSED || end.error() == ENHANCE_YOUR_CALM)
                    .as("frame %s", end)
                    .isTrue();
            // what the flood has begun may take a moment to end: until then the service can be busy (503)
            AtomicInteger stream = new AtomicInteger(-1);
            await().until(() -> {
                int id = stream.addAndGet(2);
                other.get(id, "web", "/");
                return other.answer(id).status().equals("200");
            });
        }
    }

    @Test
    void more_streams_than_permitted_are_refused_before_the_settings_are_acknowledged() throws Exception {
        GatewayLimits few = GatewayLimits.DEFAULT.withStreams(3);
        int narrow = site.gateway(GatewayOptions.DEFAULT.withLimits(few), Site.ANYONE);
        try (Http2Peer peer = Http2Peer.connect(narrow)) {
            for (int stream = 1; stream <= 7; stream += 2) {
                peer.request(stream, false, fields("POST", "wait.localhost", "/"));
            }
            Http2Peer.Frame refused = peer.await(RST_STREAM);
            assertThat(refused.stream()).isEqualTo(7);
            assertThat(refused.error()).as("REFUSED_STREAM").isEqualTo(7);
        }
    }
}
