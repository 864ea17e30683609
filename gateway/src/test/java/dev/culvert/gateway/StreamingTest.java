package dev.culvert.gateway;

import static dev.culvert.gateway.Site.say;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.culvert.node.RawHttp;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bodies of any length both ways, and what is no body: interim answers, trailers, other protocols. */
final class StreamingTest {
    private static final int MEGABYTES = 16;
    private Site site;
    private int port;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeEach
    void start() throws IOException {
        site = new Site();
        port = site.gateway();
    }

    @AfterEach
    void stop() {
        site.close();
    }

    private static byte[] megabyte(int seed) {
        byte[] bytes = new byte[1 << 20];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static byte[] sumOfMegabytes() throws NoSuchAlgorithmException {
        MessageDigest sum = MessageDigest.getInstance("SHA-256");
        for (int i = 0; i < MEGABYTES; i++) {
            sum.update(megabyte(i));
        }
        return sum.digest();
    }

    @Test
    void a_long_body_comes_whole_in_both_directions() throws Exception {
        CompletableFuture<byte[]> received = new CompletableFuture<>();
        site.serve("web", stream -> {
            String head = RawHttp.readHead(stream.input());
            if (head.startsWith("POST")) {
                MessageDigest digest = MessageDigest.getInstance("SHA-256");
                for (int i = 0; i < MEGABYTES; i++) {
                    digest.update(stream.input().readNBytes(1 << 20));
                }
                received.complete(digest.digest());
                say(stream, "HTTP/1.1 204 No Content\r\n\r\n");
            } else {
                say(stream, "HTTP/1.1 200 OK\r\nContent-Length: " + ((long) MEGABYTES << 20) + "\r\n\r\n");
                for (int i = 0; i < MEGABYTES; i++) {
                    stream.output().write(megabyte(i));
                }
            }
        });
        byte[] sum = sumOfMegabytes();
        MessageDigest got = MessageDigest.getInstance("SHA-256");
        try (InputStream body = client.send(Site.request(port, "web", "/").build(), BodyHandlers.ofInputStream())
                .body()) {
            byte[] buffer = new byte[1 << 16];
            for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
                got.update(buffer, 0, n);
            }
        }
        assertThat(got.digest()).isEqualTo(sum);
        try (Socket socket = RawHttp.connect(port)) {
            RawHttp.write(
                    socket,
                    "POST / HTTP/1.1\r\nHost: web.localhost\r\nContent-Length: " + ((long) MEGABYTES << 20)
                            + "\r\n\r\n");
            for (int i = 0; i < MEGABYTES; i++) {
                socket.getOutputStream().write(megabyte(i));
            }
            assertThat(RawHttp.readHead(socket.getInputStream())).startsWith("HTTP/1.1 204 ");
        }
        assertThat(received.get(20, TimeUnit.SECONDS)).isEqualTo(sum);
    }

    @Test
    void an_upload_into_a_slow_service_stops_its_client_and_nobody_else() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        site.serve("slow", stream -> {
            RawHttp.readHead(stream.input());
            release.await();
            stream.input().transferTo(OutputStream.nullOutputStream());
        });
        site.serve("quick", stream -> {
            RawHttp.readHead(stream.input());
            say(stream, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        });
        try (Socket socket = RawHttp.connect(port)) {
            RawHttp.write(socket, "POST / HTTP/1.1\r\nHost: slow.localhost\r\nContent-Length: 1000000000\r\n\r\n");
            Bulk upload = Bulk.upload(socket, 983_000_000);
            upload.awaitStandstill();
            assertThat(upload.sent()).as("bytes on their way").isLessThan(40L << 20);
            for (int i = 0; i < 20; i++) {
                assertThat(client.send(Site.request(port, "quick", "/").build(), BodyHandlers.ofString())
                                .body())
                        .isEqualTo("ok");
            }
            long stood = upload.sent();
            release.countDown();
            await().atMost(Site.PATIENCE).until(() -> upload.sent() > stood + (8L << 20));
        }
    }

    @Test
    void a_client_that_does_not_read_stops_its_service_and_nobody_else() throws Exception {
        Bulk answer = new Bulk();
        CountDownLatch ended = new CountDownLatch(1);
        site.serve("web", stream -> {
            RawHttp.readHead(stream.input());
            say(stream, "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
            try {
                answer.send(stream.output(), Long.MAX_VALUE);
            } finally {
                ended.countDown();
            }
        });
        try (Socket socket = RawHttp.connect(port)) {
            RawHttp.write(socket, "GET / HTTP/1.1\r\nHost: web.localhost\r\n\r\n");
            RawHttp.readHead(socket.getInputStream());
            answer.awaitStandstill();
            assertThat(answer.sent()).as("bytes on their way").isLessThan(40L << 20);
        }
        assertThat(ended.await(20, TimeUnit.SECONDS))
                .as("the service learns that the client is gone")
                .isTrue();
    }

    @Test
    void a_client_that_goes_while_it_waits_cancels_the_service_s_work() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        site.serve("web", stream -> {
            RawHttp.readHead(stream.input());
            stream.ended().whenComplete((end, failure) -> ended.countDown());
            asked.countDown();
            ended.await();
        });
        try (Socket socket = RawHttp.connect(port)) {
            RawHttp.write(socket, "GET / HTTP/1.1\r\nHost: web.localhost\r\n\r\n");
            assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void a_body_waits_for_100_continue_and_early_hints_come_early() throws Exception {
        site.serve("web", stream -> {
            assertThat(RawHttp.readHead(stream.input())).containsIgnoringCase("expect: 100-continue");
            say(stream, "HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n");
            String body = new String(stream.input().readNBytes(4), ISO_8859_1);
            say(stream, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n" + body);
        });
        try (Socket socket = RawHttp.connect(port)) {
            RawHttp.write(
                    socket,
                    "POST / HTTP/1.1\r\nHost: web.localhost\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
            assertThat(RawHttp.readHead(socket.getInputStream()))
                    .startsWith("HTTP/1.1 103 Early Hints\r\n")
                    .contains("style.css");
            assertThat(RawHttp.readHead(socket.getInputStream())).startsWith("HTTP/1.1 100 Continue\r\n");
            RawHttp.write(socket, "body");
            assertThat(RawHttp.readHead(socket.getInputStream())).startsWith("HTTP/1.1 200 OK\r\n");
            assertThat(socket.getInputStream().readNBytes(4))
                    .asString(ISO_8859_1)
                    .isEqualTo("body");
        }
    }

    @Test
    void a_client_that_expects_100_continue_gets_it_from_the_service() throws Exception {
        site.serve("web", stream -> {
            RawHttp.readHead(stream.input());
            say(stream, "HTTP/1.1 100 Continue\r\n\r\n");
            String body = new String(stream.input().readNBytes(4), ISO_8859_1);
            say(stream, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n" + body);
        });
        HttpRequest request = Site.request(port, "web", "/")
                .expectContinue(true)
                .POST(BodyPublishers.ofString("four"))
                .build();
        assertThat(client.send(request, BodyHandlers.ofString()).body()).isEqualTo("four");
    }

    @Test
    void a_body_that_was_refused_instead_of_continued_is_not_waited_for() throws Exception {
        site.answer("web", "");
        site.serve("no", stream -> {
            RawHttp.readHead(stream.input());
            say(stream, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
        });
        assertThat(RawHttp.ask(
                        port,
                        "POST / HTTP/1.1\r\nHost: no.localhost\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n"))
                .startsWith("HTTP/1.1 403 ")
                .containsIgnoringCase("connection: close");
    }

    @Test
    void trailers_pass_both_ways() throws Exception {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        site.serve("web", stream -> {
            RawHttp.readHead(stream.input());
            seen.add(RawHttp.readHead(stream.input()));
            say(
                    stream,
                    "HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-Sum: 7\r\n\r\n");
        });
        String answer = RawHttp.ask(
                port,
                "POST / HTTP/1.1\r\nHost: web.localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "2\r\nab\r\n0\r\nX-Check: 1\r\nCulvert-Target: x\r\nHost: y\r\nVia: z\r\nX-Request-Id: z\r\nx_request_id: z\r\n"
                        + "X_Real_IP: z\r\nContent-Encoding: z\r\nAuthorization: z\r\nClient-Cert: z\r\n\r\n");
        assertThat(answer).endsWith("1\r\na\r\n0\r\nX-Sum: 7\r\n\r\n");
        assertThat(seen.poll(20, TimeUnit.SECONDS)).isEqualTo("2\r\nab\r\n0\r\nX-Check: 1\r\n\r\n");
    }

    @Test
    void events_of_a_server_come_one_by_one_and_may_be_late() throws Exception {
        CountDownLatch next = new CountDownLatch(1);
        site.serve("web", stream -> {
            RawHttp.readHead(stream.input());
            say(stream, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: one\n\n");
            next.await();
            say(stream, "data: two\n\n");
        });
        try (InputStream events = client.send(Site.request(port, "web", "/").build(), BodyHandlers.ofInputStream())
                .body()) {
            assertThat(events.readNBytes(11)).asString(ISO_8859_1).isEqualTo("data: one\n\n");
            next.countDown();
            assertThat(events.readAllBytes()).asString(ISO_8859_1).isEqualTo("data: two\n\n");
        }
    }

    @Test
    void a_head_does_not_wait_for_the_first_event() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        site.serve("web", stream -> {
            RawHttp.readHead(stream.input());
            say(stream, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            seen.await();
            say(stream, "5\r\nevent\r\n");
        });
        try (Socket socket = RawHttp.connect(port)) {
            RawHttp.write(socket, "GET / HTTP/1.1\r\nHost: web.localhost\r\n\r\n");
            assertThat(RawHttp.readHead(socket.getInputStream())).startsWith("HTTP/1.1 200 ");
            seen.countDown();
            assertThat(RawHttp.readChunk(socket.getInputStream())).isEqualTo("event");
        }
    }

    @Test
    void an_answer_may_begin_before_the_request_has_ended() throws Exception {
        site.serve("web", stream -> {
            RawHttp.readHead(stream.input());
            say(stream, "HTTP/1.1 200 OK\r\n\r\n");
            stream.input().transferTo(stream.output());
        });
        try (Socket socket = RawHttp.connect(port)) {
            RawHttp.write(socket, "POST / HTTP/1.1\r\nHost: web.localhost\r\nContent-Length: 6\r\n\r\nabc");
            assertThat(RawHttp.readHead(socket.getInputStream())).startsWith("HTTP/1.1 200 ");
            assertThat(RawHttp.readChunk(socket.getInputStream())).isEqualTo("abc");
            RawHttp.write(socket, "def");
            assertThat(RawHttp.readChunk(socket.getInputStream())).isEqualTo("def");
        }
    }

    @Test
    void a_websocket_passes_as_raw_bytes() throws Exception {
        site.serve("web", stream -> {
            String head = RawHttp.readHead(stream.input());
            String key = head.replaceAll("(?is).*sec-websocket-key: ([^\r]+).*", "$1");
            byte[] hash = MessageDigest.getInstance("SHA-1")
                    .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
            say(
                    stream,
                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                            + Base64.getEncoder().encodeToString(hash) + "\r\n\r\n");
            byte[] frame = stream.input().readNBytes(2 + 4 + 5);
            byte[] echo = new byte[7];
            echo[0] = frame[0];
            echo[1] = 5;
            for (int i = 0; i < 5; i++) {
                echo[2 + i] = (byte) (frame[6 + i] ^ frame[2 + i % 4]);
            }
            stream.output().write(echo);
            stream.input().readAllBytes();
        });
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        WebSocket socket = client.newWebSocketBuilder()
                .header("culvert-target", "web")
                .buildAsync(URI.create("ws://127.0.0.1:" + port + "/ws"), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
                        heard.add(data.toString());
                        return null;
                    }
                })
                .get(20, TimeUnit.SECONDS);
        socket.sendText("hello", true).get(20, TimeUnit.SECONDS);
        assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo("hello");
        socket.abort();
    }

    @Test
    void halves_of_an_upgraded_connection_end_one_by_one() throws Exception {
        site.serve("web", stream -> {
            RawHttp.readHead(stream.input());
            say(stream, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\nearly ");
            byte[] all = stream.input().readAllBytes();
            stream.output().write(all);
        });
        try (Socket socket = RawHttp.connect(port)) {
            RawHttp.write(
                    socket, "GET / HTTP/1.1\r\nHost: web.localhost\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n");
            assertThat(RawHttp.readHead(socket.getInputStream()))
                    .startsWith("HTTP/1.1 101 ")
                    .containsIgnoringCase("upgrade: echo");
            RawHttp.write(socket, "bytes");
            socket.shutdownOutput();
            assertThat(socket.getInputStream().readAllBytes())
                    .asString(ISO_8859_1)
                    .isEqualTo("early bytes");
        }
    }
}
