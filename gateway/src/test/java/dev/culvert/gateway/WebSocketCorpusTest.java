package dev.culvert.gateway;

import static dev.culvert.gateway.WebSocketFrames.BINARY;
import static dev.culvert.gateway.WebSocketFrames.CLOSE;
import static dev.culvert.gateway.WebSocketFrames.CONTINUATION;
import static dev.culvert.gateway.WebSocketFrames.FIN;
import static dev.culvert.gateway.WebSocketFrames.PING;
import static dev.culvert.gateway.WebSocketFrames.PONG;
import static dev.culvert.gateway.WebSocketFrames.RSV1;
import static dev.culvert.gateway.WebSocketFrames.TEXT;
import static dev.culvert.gateway.WebSocketFrames.close;
import static dev.culvert.gateway.WebSocketFrames.deflated;
import static dev.culvert.gateway.WebSocketFrames.frame;
import static dev.culvert.gateway.WebSocketFrames.join;
import static dev.culvert.gateway.WebSocketFrames.ping;
import static dev.culvert.gateway.WebSocketFrames.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.node.ExposedService;
import dev.culvert.node.RawHttp;
import dev.culvert.node.Target;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a WebSocket server answers, it answers through the gateway, byte for byte: the same frames are sent to it directly and by way of a
 * relay. The forms are those of RFC 6455 and RFC 7692, in the groups of Autobahn's test suite (docs/autobahn.md).
 */
final class WebSocketCorpusTest {
    private static final byte[] BYE = close(1000, "");
    private static final byte[] NONE = {};

    private static Site site;
    private static EchoServer echo;
    private static int port;

    /**
     * @param frames from the client; it goes on reading until the server ends
     * @param answer in words, as {@link WebSocketFrames#describe}
     */
    record Case(String name, List<byte[]> frames, String answer) {
        static Case of(String name, String answer, byte[]... frames) {
            return new Case(name, List.of(frames), answer);
        }

        /** Each byte is a segment of its own. */
        Case byteByByte() {
            List<byte[]> bytes = new ArrayList<>();
            for (byte each : join(frames.toArray(new byte[0][]))) {
                bytes.add(new byte[] {each});
            }
            return new Case(name + ", byte by byte", bytes, answer);
        }

        boolean isCompressed() {
            return name.startsWith("12") || name.startsWith("13");
        }

        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        site = new Site();
        echo = new EchoServer(folder, 0);
        port = site.gateway();
        site.edge.expose(ExposedService.of("echo", new Target.Tcp("127.0.0.1", echo.port())));
    }

    @AfterAll
    static void stop() throws Exception {
        site.close();
        echo.close();
    }

    private static byte[] hex(String bytes) {
        return HexFormat.of().parseHex(bytes);
    }

    private static byte[] stars(int count) {
        return "*".repeat(count).getBytes(UTF_8);
    }

    static Stream<Case> cases() {
        return Stream.of(framing(), control(), reserved(), fragments(), utf8(), closing(), large(), compressed())
                .flatMap(List::stream);
    }

    /** 1: RFC 6455, 5.2 */
    private static List<Case> framing() {
        List<Case> cases = new ArrayList<>();
        for (int length : new int[] {0, 1, 125, 126, 127, 128, 65_535, 65_536}) {
            byte[] payload = stars(length);
            cases.add(Case.of(
                    "1.1 text of " + length, "text(" + length + ") close(1000)", frame(FIN | TEXT, payload), BYE));
            cases.add(Case.of(
                    "1.2 binary of " + length,
                    "binary(" + length + ") close(1000)",
                    frame(FIN | BINARY, payload),
                    BYE));
        }
        cases.add(cases.get(6).byteByByte());
        return cases;
    }

    /** 2: RFC 6455, 5.5.2 and 5.5.3 */
    private static List<Case> control() {
        Case ten = Case.of(
                "2.10 ten pings",
                "pong(4) ".repeat(10) + "close(1000)",
                join(Collections.nCopies(10, ping("ping")).toArray(new byte[0][])),
                BYE);
        return List.of(
                Case.of("2.1 ping without payload", "pong(0) close(1000)", ping(""), BYE),
                Case.of("2.4 ping of 125 bytes", "pong(125) close(1000)", frame(FIN | PING, stars(125)), BYE),
                Case.of("2.5 ping of 126 bytes", "close(1002)", frame(FIN | PING, stars(126))),
                Case.of("2.6 ping of bytes", "pong(4) close(1000)", frame(FIN | PING, hex("00ff0a0d")), BYE)
                        .byteByByte(),
                Case.of("2.7 pong that nobody asked for", "close(1000)", frame(FIN | PONG, stars(3)), BYE),
                ten,
                ten.byteByByte());
    }

    /** 3 and 4: RFC 6455, 5.2 */
    private static List<Case> reserved() {
        List<Case> cases = new ArrayList<>();
        for (int rsv : new int[] {0x10, 0x20, 0x40, 0x70}) {
            cases.add(Case.of(
                    "3 reserved bits " + Integer.toHexString(rsv),
                    "text(1) close(1002)",
                    text("a"),
                    frame(FIN | rsv | TEXT, stars(3))));
        }
        for (int opcode : new int[] {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
            cases.add(Case.of(
                    "4 opcode " + opcode, "text(1) close(1002)", text("a"), frame(FIN | opcode, NONE), ping("")));
        }
        cases.add(Case.of("a frame that is not masked (5.1)", "close(1002)", hex("810161")));
        return cases;
    }

    /** 5: RFC 6455, 5.4 */
    private static List<Case> fragments() {
        byte[] begin = frame(TEXT, stars(3));
        byte[] end = frame(FIN | CONTINUATION, stars(4));
        Case around = Case.of("5.6 ping between fragments", "pong(1) text(7) close(1000)", begin, ping("p"), end, BYE);
        return List.of(
                Case.of("5.1 ping in fragments", "close(1002)", frame(PING, stars(1)), end),
                Case.of("5.3 text in fragments", "text(7) close(1000)", begin, end, BYE),
                around,
                around.byteByByte(),
                Case.of("5.9 rest of nothing", "close(1002)", end),
                Case.of("5.15 rest behind the end", "text(7) close(1002)", begin, end, frame(CONTINUATION, stars(1))),
                Case.of("5.18 text within text", "close(1002)", begin, text("a")),
                Case.of(
                        "5.20 two pings in five fragments",
                        "pong(1) pong(2) text(9) close(1000)",
                        begin,
                        frame(CONTINUATION, stars(1)),
                        ping("1"),
                        frame(CONTINUATION, NONE),
                        ping("22"),
                        frame(CONTINUATION, stars(1)),
                        end,
                        BYE));
    }

    /** 6: RFC 6455, 8.1 and RFC 3629 */
    private static List<Case> utf8() {
        List<Case> cases = new ArrayList<>();
        for (String valid :
                new String[] {"cebae1bdb9cf83cebcceb5", "00", "7f", "c280", "efbfbf", "f0908080", "f48fbfbf", "efb790"
                }) {
            cases.add(Case.of(
                    "6 valid " + valid,
                    "text(" + valid.length() / 2 + ") close(1000)",
                    frame(FIN | TEXT, hex(valid)),
                    BYE));
        }
        for (String invalid :
                new String[] {"80", "fe", "c080", "e08080", "eda080", "f4908080", "f8888080af", "c3", "cebaf4908080"}) {
            cases.add(Case.of("6 invalid " + invalid, "close(1007)", frame(FIN | TEXT, hex(invalid))));
        }
        cases.add(Case.of(
                "6.2 a character in two fragments",
                "text(2) close(1000)",
                frame(TEXT, hex("c3")),
                frame(FIN | CONTINUATION, hex("a9")),
                BYE));
        cases.add(Case.of(
                "6.4 invalid in the second fragment",
                "close(1007)",
                frame(TEXT, hex("cebaf4")),
                frame(CONTINUATION, hex("90"))));
        return cases;
    }

    /** 7: RFC 6455, 5.5.1 and 7.4 */
    private static List<Case> closing() {
        List<Case> cases = new ArrayList<>(List.of(
                Case.of("7.1.3 ping behind the close", "close(1000)", BYE, ping("late")),
                Case.of(
                        "7.1.5 text in fragments around the close",
                        "close(1000)",
                        frame(TEXT, stars(1)),
                        BYE,
                        frame(FIN, NONE)),
                Case.of("7.3.1 without a code", "close(1000)", frame(FIN | CLOSE, NONE)),
                Case.of("7.3.2 half a code", "close(1002)", frame(FIN | CLOSE, stars(1))),
                Case.of("7.3.5 the longest reason", "close(1000)", close(1000, "*".repeat(123))),
                Case.of("7.3.6 a longer reason", "close(1002)", close(1000, "*".repeat(124))),
                Case.of("7.5.1 a reason that is not UTF-8", "close(1002)", frame(FIN | CLOSE, hex("03e8ff")))));
        for (int code : new int[] {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999}) {
            cases.add(Case.of("7.7 code " + code, "close(" + code + ")", close(code, "")));
        }
        for (int code : new int[] {0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999}) {
            cases.add(Case.of("7.9 code " + code, "close(1002)", close(code, "")));
        }
        return cases;
    }

    /** 9 and 10: long messages, in one frame and in many */
    private static List<Case> large() {
        int long4 = 4 << 20;
        byte[][] pieces = new byte[1_025][];
        for (int i = 0; i < 1_024; i++) {
            pieces[i] = frame((i == 0 ? BINARY : CONTINUATION) | (i == 1_023 ? FIN : 0), stars(1_024));
        }
        pieces[1_024] = BYE;
        return List.of(
                Case.of("9.1 text of 4 MiB", "text(" + long4 + ") close(1000)", frame(FIN | TEXT, stars(long4)), BYE),
                Case.of("9.4 binary in 1024 fragments", "binary(" + (1 << 20) + ") close(1000)", pieces),
                Case.of(
                        "9.7 a thousand messages",
                        "text(16) ".repeat(1_000) + "close(1000)",
                        join(Collections.nCopies(1_000, text("0123456789abcdef"))
                                .toArray(new byte[0][])),
                        BYE));
    }

    /** 12 and 13: RFC 7692 */
    private static List<Case> compressed() {
        byte[] payload = "a message that says much the same again and again, again and again".getBytes(UTF_8);
        byte[] small = deflated(payload);
        byte[] half = Arrays.copyOf(small, 10);
        byte[] rest = Arrays.copyOfRange(small, 10, small.length);
        return List.of(
                Case.of("12.1 one message", "text*() close(1000)", frame(FIN | RSV1 | TEXT, small), BYE),
                Case.of(
                        "12.2 one of 1 MiB",
                        "binary*() close(1000)",
                        frame(FIN | RSV1 | BINARY, deflated(stars(1 << 20))),
                        BYE),
                Case.of("12 in fragments", "text*() close(1000)", frame(RSV1 | TEXT, half), frame(FIN, rest), BYE),
                Case.of("12 not compressed though it may be", "text*() close(1000)", frame(FIN | TEXT, payload), BYE),
                Case.of("13 a ping that claims to be", "close(1002)", frame(FIN | RSV1 | PING, small)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void a_server_answers_through_the_gateway_as_it_does_without(Case each) throws IOException {
        Answer direct = play(echo.port(), each);
        Answer through = play(port, each);
        assertThat(WebSocketFrames.describe(direct.frames())).isEqualTo(each.answer());
        assertThat(through.frames()).isEqualTo(direct.frames());
        assertThat(through.handshake()).isEqualTo(direct.handshake()).isNotEmpty();
    }

    /** @param handshake the fields that are the WebSocket's own */
    private record Answer(List<String> handshake, byte[] frames) {}

    private static Answer play(int at, Case each) throws IOException {
        try (Socket socket = RawHttp.connect(at)) {
            socket.setTcpNoDelay(true);
            RawHttp.write(
                    socket,
                    "GET /ws HTTP/1.1\r\nHost: echo.localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                            + (each.isCompressed() ? "Sec-WebSocket-Extensions: permessage-deflate\r\n" : "") + "\r\n");
            List<String> handshake = RawHttp.readHead(socket.getInputStream())
                    .lines()
                    .map(line -> line.toLowerCase(Locale.ROOT))
                    .filter(line -> line.startsWith("sec-websocket") || line.startsWith("upgrade"))
                    .sorted()
                    .toList();
            Thread writer = new Thread(() -> write(socket, each.frames()));
            writer.start();
            return new Answer(handshake, socket.getInputStream().readAllBytes());
        }
    }

    private static void write(Socket socket, List<byte[]> frames) {
        try {
            OutputStream out = socket.getOutputStream();
            for (byte[] frame : frames) {
                out.write(frame);
            }
        } catch (IOException end) {
            assertThat(socket.isConnected()).isTrue(); // a server that has said close reads no more
        }
    }
}
