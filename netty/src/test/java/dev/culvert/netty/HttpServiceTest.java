package dev.culvert.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.culvert.api.BindOptions;
import dev.culvert.api.PublicTerms;
import dev.culvert.api.RegistrationException;
import dev.culvert.api.StreamResetException;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A function as an HTTP service behind a relay, called over plain sockets. */
@Timeout(60)
final class HttpServiceTest {
    private static final int SMALL = 1000;

    private Roles roles;
    private HttpService service;

    @BeforeEach
    void start() throws IOException {
        roles = new Roles();
    }

    @AfterEach
    void close() {
        if (service != null) {
            service.close();
        }
        roles.close();
    }

    private void serve(HttpServiceOptions options, HttpHandler handler) throws IOException {
        service = HttpService.open(roles.edge, "web", options, handler);
    }

    private void serve(HttpHandler handler) throws IOException {
        serve(HttpServiceOptions.DEFAULT, handler);
    }

    private static FullHttpResponse ok(String text) {
        return new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.wrappedBuffer(text.getBytes(UTF_8)));
    }

    private static HttpHandler echo() {
        return (request, principal) -> CompletableFuture.completedFuture(ok(request.method() + " " + request.uri() + " "
                + request.content().toString(UTF_8) + (principal.startsWith("key:") ? " of a key" : " " + principal)));
    }

    private Socket dial() throws IOException {
        Socket socket = roles.laptop.socket("edge7.web");
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    }

    /** Status and body of one answer. */
    private static String read(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("ended within a head: " + head);
            }
            head.append((char) next);
        }
        String lower = head.toString().toLowerCase(Locale.ROOT);
        int length = lower.indexOf("content-length: ");
        String body = length < 0
                ? ""
                : new String(
                        in.readNBytes(Integer.parseInt(head.substring(length + 16, head.indexOf("\r", length)))),
                        ISO_8859_1);
        return head.substring(9, 12) + " " + body.strip();
    }

    private static String ask(Socket socket, String request) throws IOException {
        send(socket, request);
        return read(socket.getInputStream());
    }

    @Test
    void requests_are_answered_one_after_the_other_also_if_they_came_together() throws IOException {
        serve(echo());
        try (Socket socket = dial()) {
            assertThat(ask(socket, "GET /a?b HTTP/1.1\r\nHost: x\r\n\r\n")).isEqualTo("200 GET /a?b  of a key");
            send(
                    socket,
                    "POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi"
                            + "PUT /2 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n2\r\nyo\r\n0\r\n\r\n");
            assertThat(read(socket.getInputStream())).isEqualTo("200 POST /1 hi of a key");
            assertThat(read(socket.getInputStream())).isEqualTo("200 PUT /2 yo of a key");
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void who_expects_100_is_asked_for_the_body_and_a_head_alone_has_no_body() throws IOException {
        serve(echo());
        try (Socket socket = dial()) {
            String request = "POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n";
            assertThat(ask(socket, request)).startsWith("100");
            assertThat(ask(socket, "hi")).isEqualTo("200 POST /1 hi of a key");
            send(socket, "HEAD / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            String all = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
            assertThat(all.split("HTTP/1.1 200 OK", -1)).hasSize(3);
            assertThat(all).endsWith("GET /  of a key").doesNotContain("HEAD /");
        }
    }

    @Test
    void a_handler_that_fails_is_500_for_that_request_only() throws IOException {
        serve((request, principal) -> switch (request.uri()) {
            case "/throws" -> throw new IllegalStateException("a bug");
            case "/fails" -> CompletableFuture.failedFuture(new IOException("no disk"));
            case "/resets" -> CompletableFuture.failedFuture(new StreamResetException(0x123, "told"));
            default -> CompletableFuture.completedFuture(ok("well"));
        });
        try (Socket socket = dial()) {
            for (String path : new String[] {"/throws", "/fails"}) {
                assertThat(ask(socket, "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n"))
                        .startsWith("500");
            }
            assertThat(ask(socket, "GET /well HTTP/1.1\r\nHost: x\r\n\r\n")).isEqualTo("200 well");
            assertThatThrownBy(() -> ask(socket, "GET /resets HTTP/1.1\r\nHost: x\r\n\r\n"))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void a_caller_that_goes_cancels_the_handlers_work() throws Exception {
        BlockingQueue<CompletableFuture<FullHttpResponse>> asked = new LinkedBlockingQueue<>();
        serve((request, principal) -> {
            CompletableFuture<FullHttpResponse> never = new CompletableFuture<>();
            asked.add(never);
            return never;
        });
        Socket socket = dial();
        send(socket, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        CompletableFuture<FullHttpResponse> answer = asked.poll(20, TimeUnit.SECONDS);
        assertThat(answer).isNotNull().isNotDone();
        socket.setSoLinger(true, 0);
        socket.close();
        await().untilAsserted(() -> assertThat(answer).isCancelled());
    }

    @Test
    void a_handler_that_blocks_is_interrupted_and_one_too_many_is_503() throws Exception {
        ExecutorService threads = Executors.newSingleThreadExecutor();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        HttpService.Blocking hanging = (request, principal) -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
            return ok("late");
        };
        serve(HttpServiceOptions.DEFAULT.withRequests(1), HttpService.blocking(threads, hanging));
        Socket first = dial();
        send(first, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
        try (Socket second = dial()) {
            assertThat(ask(second, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")).startsWith("503");
        }
        first.setSoLinger(true, 0);
        first.close();
        assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
        threads.shutdown();
        try (Socket third = dial()) {
            assertThat(ask(third, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")).startsWith("503");
        }
    }

    @Test
    void bodies_are_bounded_one_by_one_and_together() throws IOException {
        serve(
                HttpServiceOptions.DEFAULT.withBodyBytes(SMALL).withHeldBytes(SMALL + 10),
                (request, principal) -> CompletableFuture.completedFuture(
                        ok("x".repeat(request.content().readableBytes() == 9 ? 2 * SMALL : 3))));
        String post = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ";
        String chunked = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + "5dc\r\n"
                + "x".repeat(1500) + "\r\n0\r\n\r\n";
        for (String tooMuch : new String[] {post + "1001\r\n\r\n", chunked}) {
            try (Socket socket = dial()) {
                assertThat(ask(socket, tooMuch)).startsWith("413");
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            }
        }
        try (Socket socket = dial()) {
            assertThat(ask(socket, post + "1000\r\n\r\n" + "y".repeat(SMALL))).isEqualTo("200 xxx");
            assertThat(ask(socket, post + "9\r\n\r\nyyyyyyyyy")).startsWith("503");
            assertThat(ask(socket, "nonsense\r\n\r\n")).startsWith("400");
        }
    }

    @Test
    void what_is_held_is_let_go_whatever_becomes_of_the_request() throws Exception {
        HttpLoad load = new HttpLoad(HttpServiceOptions.DEFAULT.withBodyBytes(8).withHeldBytes(10));
        assertThat(load.hold(10)).isTrue();
        assertThat(load.hold(1)).isFalse();
        load.release(10);
        assertThat(load.begin()).isTrue();
        assertThat(load.isIdle()).isFalse();
        load.end();
        assertThat(load.isIdle()).isTrue();

        serve(HttpServiceOptions.DEFAULT.withBodyBytes(8).withHeldBytes(8), echo8());
        for (int i = 0; i < 20; i++) {
            Socket cut = dial();
            send(cut, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\n\r\n1234567");
            cut.setSoLinger(true, 0);
            cut.close();
        }
        await().untilAsserted(() -> {
            try (Socket socket = dial()) {
                assertThat(ask(socket, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\n\r\n12345678"))
                        .startsWith("200");
            }
        });
    }

    private static HttpHandler echo8() {
        return (FullHttpRequest request, String principal) -> CompletableFuture.completedFuture(ok(""));
    }

    @Test
    void a_service_that_closes_answers_what_is_under_way_and_ends_what_is_idle() throws Exception {
        BlockingQueue<CompletableFuture<FullHttpResponse>> asked = new LinkedBlockingQueue<>();
        serve((request, principal) -> {
            CompletableFuture<FullHttpResponse> later = new CompletableFuture<>();
            asked.add(later);
            return later;
        });
        try (Socket idle = dial();
                Socket busy = dial()) {
            send(idle, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            asked.poll(20, TimeUnit.SECONDS).complete(ok("first"));
            assertThat(read(idle.getInputStream())).isEqualTo("200 first");
            send(busy, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            CompletableFuture<FullHttpResponse> last = asked.poll(20, TimeUnit.SECONDS);
            service.close();
            assertThat(idle.getInputStream().read()).isEqualTo(-1);
            last.complete(ok("last"));
            assertThat(read(busy.getInputStream())).isEqualTo("200 last");
            assertThat(busy.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void a_name_that_is_taken_is_refused_and_one_that_is_closed_is_gone() throws IOException {
        serve(HttpServiceOptions.DEFAULT.withBind(BindOptions.DEFAULT.withPublicTerms(PublicTerms.ANYONE)), echo());
        assertThatThrownBy(() -> HttpService.open(roles.laptop, "web", echo()))
                .isInstanceOf(RegistrationException.class);
        assertThatThrownBy(() -> HttpService.open(roles.edge, "web", echo()))
                .isInstanceOf(IllegalArgumentException.class);
        service.close();
        await().untilAsserted(() ->
                assertThatThrownBy(() -> roles.laptop.socket("edge7.web")).isInstanceOf(UnknownHostException.class));
    }
}
