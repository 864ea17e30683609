package dev.culvert.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.api.Address;
import dev.culvert.api.ErrorCode;
import dev.culvert.node.ExposedService;
import dev.culvert.node.RawHttp;
import dev.culvert.node.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each status that the gateway itself answers with, and that it says what to do. */
final class StatusTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private Site site;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeEach
    void start() throws IOException {
        site = new Site();
    }

    @AfterEach
    void stop() {
        site.close();
    }

    private HttpResponse<String> get(int port, String service) throws Exception {
        return client.send(Site.request(port, service, "/").build(), BodyHandlers.ofString());
    }

    @Test
    void an_unknown_service_is_404_with_the_hop_and_the_next_step_for_programs_and_for_people() throws Exception {
        int port = site.gateway();
        HttpResponse<String> problem = get(port, "nothing");
        assertThat(problem.statusCode()).isEqualTo(404);
        assertThat(problem.headers().map())
                .containsEntry("content-type", List.of("application/problem+json"))
                .containsEntry("culvert-error", List.of("UNKNOWN_SERVICE"))
                .containsKey("x-request-id");
        assertThat(problem.body())
                .contains(
                        "\"status\":404",
                        "\"code\":\"UNKNOWN_SERVICE\"",
                        "\"hop\":\"relay1\"",
                        "\"next\":\"",
                        "nothing")
                .contains(problem.headers().firstValue("x-request-id").orElseThrow());
        HttpResponse<String> page = client.send(
                Site.request(port, "nothing", "/")
                        .header("Accept", "text/html,*/*")
                        .build(),
                BodyHandlers.ofString());
        assertThat(page.headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");
        assertThat(page.body()).contains("<h1>404 Not Found</h1>", "at relay1", "UNKNOWN_SERVICE");
    }

    @Test
    void a_target_that_refuses_is_502_at_once() throws Exception {
        int closed;
        try (ServerSocket socket = new ServerSocket(0)) {
            closed = socket.getLocalPort();
        }
        site.edge.expose(ExposedService.of("web", new Target.Tcp("127.0.0.1", closed)));
        HttpResponse<String> answer = get(site.gateway(), "web");
        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body()).contains("TARGET_REFUSED", "\"hop\":\"edge7\"", "start the target");
    }

    @Test
    void a_target_that_breaks_off_is_502_that_says_so_and_where() throws Exception {
        try (ServerSocket target = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            site.edge.expose(ExposedService.of("web", new Target.Tcp("127.0.0.1", target.getLocalPort())));
            CompletableFuture<HttpResponse<String>> waiting =
                    client.sendAsync(Site.request(site.gateway(), "web", "/").build(), BodyHandlers.ofString());
            Socket broken = target.accept();
            while (broken.getInputStream().read() < 0) {
                broken = target.accept(); // that was a probe
            }
            RawHttp.readHead(broken.getInputStream());
            broken.setSoLinger(true, 0);
            broken.close();
            HttpResponse<String> answer = waiting.get(20, TimeUnit.SECONDS);
            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(answer.headers().firstValue("culvert-error")).hasValue("TARGET_LOST");
            assertThat(answer.headers().firstValue("proxy-status"))
                    .hasValueSatisfying(status -> assertThat(status).contains("error=connection_terminated"));
            assertThat(answer.body())
                    .contains("the target broke off", "\"hop\":\"edge7\"")
                    .doesNotContain("link");
        }
    }

    @Test
    void a_link_that_is_lost_under_a_request_is_502_at_once_and_so_are_later_ones() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        site.serve("web", stream -> {
            RawHttp.readHead(stream.input());
            asked.countDown();
            stream.input().readAllBytes();
        });
        int port = site.gateway();
        CompletableFuture<HttpResponse<String>> waiting =
                client.sendAsync(Site.request(port, "web", "/").build(), BodyHandlers.ofString());
        assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
        site.edge.close();
        assertThat(waiting.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(502);
        assertThat(get(port, "web").statusCode()).isIn(404, 502);
    }

    @Test
    void a_service_that_says_nothing_in_time_is_504_and_learns_that_nobody_waits() throws Exception {
        CountDownLatch given_up = new CountDownLatch(1);
        CompletableFuture<String> told = new CompletableFuture<>();
        site.serve("web", stream -> {
            told.complete(RawHttp.readHead(stream.input()));
            stream.ended().whenComplete((end, failure) -> given_up.countDown());
            stream.input().readAllBytes();
        });
        int port = site.gateway();
        HttpResponse<String> answer = client.send(
                Site.request(port, "web", "/")
                        .header("x-backstream-request-timeout", "250ms")
                        .build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(answer.body()).contains("DEADLINE", "culvert-timeout");
        assertThat(told.get(20, TimeUnit.SECONDS)).containsPattern("culvert-timeout: (2[0-4]\\d|1\\d\\d|\\d\\d)ms");
        assertThat(given_up.await(20, TimeUnit.SECONDS)).isTrue();
        int impatient = site.gateway(
                GatewayOptions.DEFAULT.withTimes(GatewayTimes.DEFAULT.withResponse(Duration.ofMillis(100))),
                Site.ANYONE);
        assertThat(get(impatient, "web").statusCode()).isEqualTo(504);
    }

    @Test
    void a_deadline_that_nobody_asked_for_is_none_for_the_service_which_learns_how_soon_to_begin() throws Exception {
        BlockingQueue<String> seen = site.answer("web", OK);
        assertThat(get(site.gateway(), "web").statusCode()).isEqualTo(200);
        assertThat(seen.poll(20, TimeUnit.SECONDS))
                .containsPattern("culvert-answer-timeout: (60000|5\\d{4})ms\r\n")
                .doesNotContain("culvert-timeout");
        int patient = site.gateway(
                GatewayOptions.DEFAULT.withTimes(GatewayTimes.DEFAULT.withResponse(Duration.ZERO)), Site.ANYONE);
        assertThat(get(patient, "web").statusCode()).isEqualTo(200);
        assertThat(seen.poll(20, TimeUnit.SECONDS)).doesNotContain("timeout");
    }

    @Test
    void a_deadline_that_is_none_is_400() throws Exception {
        site.answer("web", OK);
        HttpResponse<String> answer = client.send(
                Site.request(site.gateway(), "web", "/")
                        .header("culvert-timeout", "soon")
                        .build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("'soon'", "1m30s");
    }

    @Test
    void who_may_not_call_is_told_why_with_401_403_or_404() throws Exception {
        site.answer("web", OK);
        int port = site.gateway(GatewayOptions.DEFAULT, (address, credential) -> {
            ErrorCode code = ErrorCode.valueOf(String.valueOf(credential));
            return new Access.Refused(code, "no " + code, "ask");
        });
        for (Map.Entry<String, Integer> expected : Map.of(
                        "UNAUTHENTICATED", 401, "EXPIRED", 401, "DENIED", 403, "UNKNOWN_SERVICE", 404)
                .entrySet()) {
            HttpResponse<String> answer = client.send(
                    Site.request(port, "web", "/")
                            .header("Culvert-Authorization", "Bearer " + expected.getKey())
                            .build(),
                    BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(expected.getValue());
            assertThat(answer.body()).contains("no " + expected.getKey(), "\"next\":\"ask\"");
        }
    }

    @Test
    void a_body_beyond_the_limit_is_413_whether_its_length_was_said_or_not() throws Exception {
        site.serve("web", stream -> {
            RawHttp.readHead(stream.input());
            stream.input().readAllBytes();
        });
        int port =
                site.gateway(GatewayOptions.DEFAULT.withLimits(GatewayLimits.DEFAULT.withBodyBytes(10)), Site.ANYONE);
        String said = "POST / HTTP/1.1\r\nHost: web.localhost\r\nContent-Length: 11\r\n\r\n";
        assertThat(RawHttp.ask(port, said)).startsWith("HTTP/1.1 413 ");
        String unsaid =
                "POST / HTTP/1.1\r\nHost: web.localhost\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n12345678901\r\n";
        assertThat(RawHttp.ask(port, unsaid)).startsWith("HTTP/1.1 413 ").contains("10 bytes");
    }

    @Test
    void heads_beyond_the_limit_are_431_and_414() throws Exception {
        int port =
                site.gateway(GatewayOptions.DEFAULT.withLimits(GatewayLimits.DEFAULT.withHeadBytes(1000)), Site.ANYONE);
        assertThat(RawHttp.ask(port, "GET / HTTP/1.1\r\nHost: web.localhost\r\nX: " + "a".repeat(1000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431 ");
        assertThat(RawHttp.ask(port, "GET /" + "a".repeat(1000) + " HTTP/1.1\r\nHost: web.localhost\r\n\r\n"))
                .startsWith("HTTP/1.1 414 ");
    }

    @Test
    void too_much_at_once_is_429_for_a_caller_and_503_for_a_service_with_a_time_to_come_back() throws Exception {
        CountDownLatch asked = new CountDownLatch(2);
        site.serve("web", stream -> {
            RawHttp.readHead(stream.input());
            asked.countDown();
            stream.input().readAllBytes();
        });
        int caller = site.gateway(
                GatewayOptions.DEFAULT.withLimits(GatewayLimits.DEFAULT.withRequestsPerCaller(1)), Site.ANYONE);
        int service = site.gateway(
                GatewayOptions.DEFAULT.withLimits(GatewayLimits.DEFAULT.withRequestsPerService(1)), Site.ANYONE);
        client.sendAsync(Site.request(caller, "web", "/").build(), BodyHandlers.ofString());
        client.sendAsync(Site.request(service, "web", "/").build(), BodyHandlers.ofString());
        assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
        HttpResponse<String> many = get(caller, "web");
        assertThat(many.statusCode()).isEqualTo(429);
        assertThat(many.headers().firstValue("retry-after")).hasValue("1");
        HttpResponse<String> busy = get(service, "web");
        assertThat(busy.statusCode()).isEqualTo(503);
        assertThat(busy.headers().firstValue("retry-after")).hasValue("1");
    }

    @Test
    void methods_versions_and_expectations_of_others_have_their_statuses() throws Exception {
        int port = site.gateway();
        assertThat(RawHttp.ask(port, "CONNECT web:80 HTTP/1.1\r\nHost: web.localhost\r\n\r\n"))
                .startsWith("HTTP/1.1 405 ")
                .contains("culvert proxy");
        assertThat(RawHttp.ask(
                        port, "GET / HTTP/1.1\r\nHost: web.localhost\r\nExpect: tea\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 417 ");
        assertThat(RawHttp.ask(port, "GET / HTTP/1.1\r\nHost: elsewhere.test\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 421 ")
                .contains("culvert-target");
    }

    @Test
    void a_client_that_does_not_finish_its_head_is_408_and_an_idle_one_is_left() throws Exception {
        site.answer("web", OK);
        int port = site.gateway(
                GatewayOptions.DEFAULT.withTimes(
                        GatewayTimes.DEFAULT.withHead(Duration.ofMillis(150)).withIdle(Duration.ofMillis(150))),
                Site.ANYONE);
        assertThat(RawHttp.ask(port, "GET / HTTP/1.1\r\nHost: web.loc")).startsWith("HTTP/1.1 408 ");
        assertThat(RawHttp.ask(port, "")).isEmpty();
        assertThat(RawHttp.ask(port, "GET / HTTP/1.1\r\nHost: web.localhost\r\n\r\n"))
                .endsWith("\r\n\r\nok");
        assertThat(RawHttp.ask(port, "POST / HTTP/1.1\r\nHost: web.localhost\r\nContent-Length: 5\r\n\r\nab"))
                .startsWith("HTTP/1.1 408 ");
    }

    @Test
    void an_answer_that_breaks_off_is_not_taken_for_a_whole_one() throws Exception {
        site.answer("length", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
        site.answer("chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
        int port = site.gateway();
        for (String name : new String[] {"length", "chunks"}) {
            CompletableFuture<HttpResponse<String>> answer =
                    client.sendAsync(Site.request(port, name, "/").build(), BodyHandlers.ofString());
            assertThat(answer.handle((body, failure) -> failure != null).get(20, TimeUnit.SECONDS))
                    .as(name)
                    .isTrue();
        }
    }

    @Test
    void a_refused_upload_is_answered_before_its_end_and_the_client_can_read_it() throws Exception {
        int port = site.gateway();
        byte[] large = new byte[4 * 1024 * 1024];
        HttpResponse<String> answer = client.send(
                Site.request(port, "nothing", "/")
                        .POST(BodyPublishers.ofByteArray(large))
                        .build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(404);
    }

    @Test
    void a_connection_stays_usable_after_an_error_of_a_service() throws Exception {
        site.answer("web", OK);
        try (Socket socket = RawHttp.connect(site.gateway())) {
            RawHttp.write(socket, "GET / HTTP/1.1\r\nHost: nothing.localhost\r\n\r\n");
            String head = RawHttp.readHead(socket.getInputStream());
            assertThat(head).startsWith("HTTP/1.1 404 ");
            int length = Integer.parseInt(head.replaceAll("(?is).*content-length: (\\d+).*", "$1"));
            socket.getInputStream().readNBytes(length);
            RawHttp.write(socket, "GET / HTTP/1.1\r\nHost: web.localhost\r\nConnection: close\r\n\r\n");
            assertThat(new String(socket.getInputStream().readAllBytes(), ISO_8859_1))
                    .endsWith("ok");
        }
    }

    @Test
    void a_reserved_name_is_nobody_s_business() throws Exception {
        assertThat(get(site.gateway(), "$status").statusCode()).isEqualTo(400);
        int port = site.gateway(
                GatewayOptions.DEFAULT.withRules(GatewayRules.DEFAULT.withFallback(Address.parse("home"))),
                Site.ANYONE);
        assertThat(RawHttp.ask(port, "GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 404 ")
                .contains("home");
    }
}
