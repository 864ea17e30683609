package dev.culvert.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.culvert.api.Address;
import dev.culvert.api.ErrorCode;
import dev.culvert.gateway.BackstreamFake.Question;
import dev.culvert.node.RawHttp;
import dev.culvert.node.Target;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that speak backstream, at a gateway's port, called through it. */
@Timeout(60)
final class BackstreamTest {
    private static final int MESSAGE = 100_000;
    private static final Map<String, List<String>> PLAIN = Map.of("Content-Type", List.of("text/plain"));

    private final HttpClient http = HttpClient.newHttpClient();
    private final AtomicBoolean revoked = new AtomicBoolean();
    private Site site;
    private int port;

    @BeforeEach
    void start() throws IOException {
        site = new Site();
    }

    @AfterEach
    void stop() {
        site.close();
    }

    private static BackstreamOptions options() {
        return BackstreamOptions.DEFAULT.withMessageBytes(MESSAGE).withLease(Duration.ofMillis(300));
    }

    /** The credential is the principal; "none" and nothing at all are refused. */
    private Access.Verdict access(String name, String credential) {
        if (credential == null || credential.equals("none") || revoked.get()) {
            return new Access.Refused(ErrorCode.UNAUTHENTICATED, "no credential", "show one");
        }
        return name.startsWith("web") || name.equals("4711") || name.contains(".")
                ? new Access.Admitted(Address.service(name), credential)
                : new Access.Refused(ErrorCode.DENIED, "'" + name + "' is not in the scope", "ask for it");
    }

    private void open(BackstreamOptions options) throws IOException {
        Gateway gateway = new Gateway(
                "relay1",
                GatewayOptions.DEFAULT.withRules(GatewayRules.DEFAULT.withFallback(Address.parse("web"))),
                Site.ANYONE,
                site.log::add,
                InstantSource.system(),
                new Random(42));
        gateway.take(new Backstream(site.relay, options, this::access));
        port = ((InetSocketAddress) site.relay.enter(new Target.Tcp("127.0.0.1", 0), gateway)).getPort();
    }

    private BackstreamFake client(String id, boolean json) {
        return new BackstreamFake(port, "/ws?credential=me" + (json ? "&codec=json" : ""), id, json);
    }

    private HttpRequest.Builder to(String id, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("x-backstream-client-id", id)
                .timeout(Site.PATIENCE);
    }

    private CompletableFuture<HttpResponse<String>> send(HttpRequest.Builder request) {
        return http.sendAsync(request.build(), BodyHandlers.ofString());
    }

    private static HttpResponse<String> got(CompletableFuture<HttpResponse<String>> asking) throws Exception {
        return asking.get(20, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void requests_and_answers_pass_as_a_go_program_expects_them(boolean json) throws Exception {
        open(options());
        try (BackstreamFake fake = client("4711", json)) {
            CompletableFuture<HttpResponse<String>> asking = send(to("4711", "/a%20b/%C3%A9?q=1%202&r")
                    .header("x-backstream-request-timeout", "12s")
                    .header("accept-language", "de")
                    .header("x-two", "1")
                    .header("x-two", "2")
                    .POST(BodyPublishers.ofString("grüß")));
            Question question = fake.next();
            assertThat(question.text()).isEqualTo("POST /a b/é q=1%202&r grüß");
            assertThat(question.headers())
                    .containsEntry("Accept-Language", List.of("de"))
                    .containsEntry("X-Two", List.of("1", "2"))
                    .containsEntry("Content-Length", List.of("6"))
                    .containsKeys("X-Request-Id", "X-Forwarded-For", "Via")
                    .doesNotContainKeys("Host", "Connection", "Culvert-Timeout", "X-Backstream-Client-Id");
            assertThat(question.headers().get("X-Backstream-Request-Timeout").get(0))
                    .matches("1[12][0-9]{3}ms");
            fake.answer(question, 418, Map.of("X-Umlaut", List.of("ü", "2"), "Connection", List.of("close")), "tea");
            HttpResponse<String> answer = got(asking);
            assertThat(answer.statusCode()).isEqualTo(418);
            assertThat(answer.body()).isEqualTo("tea");
            assertThat(answer.headers().allValues("x-umlaut")).hasSize(2);
            assertThat(answer.headers().firstValue("content-length")).contains("3");
        }
    }

    @Test
    void many_requests_are_under_way_at_once_and_answered_in_any_order() throws Exception {
        open(options());
        try (BackstreamFake fake = client("4711", false)) {
            CompletableFuture<HttpResponse<String>> first = send(to("4711", "/1"));
            Question one = fake.next();
            assertThat(one.headers().get("X-Backstream-Request-Timeout"))
                    .as("the gateway's own limit: answers are whole")
                    .singleElement()
                    .asString()
                    .matches("(60|59)[0-9]{3}ms");
            CompletableFuture<HttpResponse<String>> second = send(to("4711", "/2"));
            Question two = fake.next();
            fake.answer(two, 200, PLAIN, two.path());
            assertThat(got(second).body()).isEqualTo("/2");
            fake.answer(one, 200, PLAIN, one.path());
            assertThat(got(first).body()).isEqualTo("/1");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_handler_that_panicked_is_500_and_what_is_no_answer_502_for_that_request_only(boolean json) throws Exception {
        open(options());
        try (BackstreamFake fake = client("4711", json)) {
            CompletableFuture<HttpResponse<String>> panic = send(to("4711", "/"));
            fake.answerWithNothing(fake.next());
            assertThat(got(panic).statusCode()).isEqualTo(500);
            CompletableFuture<HttpResponse<String>> broken = send(to("4711", "/"));
            fake.sendResponse(fake.next().id(), "{[\u0007".getBytes(UTF_8));
            assertThat(got(broken).statusCode()).isEqualTo(502);
            CompletableFuture<HttpResponse<String>> odd = send(to("4711", "/"));
            fake.answer(fake.next(), 200, Map.of("a b", List.of("c")), "");
            assertThat(got(odd).statusCode()).isEqualTo(502);
            CompletableFuture<HttpResponse<String>> well = send(to("4711", "/"));
            fake.answer(fake.next(), 200, PLAIN, "well");
            assertThat(got(well).body()).isEqualTo("well");
        }
    }

    @Test
    void a_client_that_goes_is_502_at_once_its_name_is_kept_and_it_takes_it_back() throws Exception {
        open(options().withLease(Duration.ofSeconds(30)));
        CompletableFuture<HttpResponse<String>> asking;
        try (BackstreamFake fake = client("4711", false)) {
            asking = send(to("4711", "/").POST(BodyPublishers.ofString("x")));
            assertThat(fake.next()).isNotNull();
            fake.cut();
        }
        assertThat(got(asking).statusCode()).isEqualTo(502);
        assertThat(got(asking).body()).contains("LINK_LOST").contains("4711");
        assertThat(got(send(to("4711", "/"))).body()).contains("its name is kept");
        assertThatThrownBy(() -> new BackstreamFake(port, "/ws?credential=another", "4711", false))
                .satisfies(e -> assertThat(status(e)).isEqualTo(409));
        try (BackstreamFake again = client("4711", false)) {
            CompletableFuture<HttpResponse<String>> well = send(to("4711", "/"));
            again.answer(again.next(), 200, PLAIN, "back");
            assertThat(got(well).body()).isEqualTo("back");
        }
    }

    @Test
    void a_name_whose_clients_stay_away_is_unknown_and_free() throws Exception {
        open(options());
        client("4711", false).cut();
        await().untilAsserted(() ->
                assertThat(got(send(to("4711", "/"))).statusCode()).isEqualTo(404));
        try (BackstreamFake other = new BackstreamFake(port, "/ws?credential=another", "4711", false)) {
            CompletableFuture<HttpResponse<String>> asking = send(to("4711", "/"));
            other.answer(other.next(), 200, PLAIN, "mine");
            assertThat(got(asking).body()).isEqualTo("mine");
        }
    }

    @Test
    void of_several_with_one_id_another_gets_what_may_be_repeated() throws Exception {
        open(options());
        try (BackstreamFake one = client("4711", false);
                BackstreamFake two = client("4711", true)) {
            for (String method : new String[] {"GET", "POST"}) {
                CompletableFuture<HttpResponse<String>> asking =
                        send(to("4711", "/").method(method, BodyPublishers.noBody()));
                BackstreamFake[] asked = new BackstreamFake[1];
                await().until(() -> {
                    asked[0] = !one.asked.isEmpty() ? one : !two.asked.isEmpty() ? two : null;
                    return asked[0] != null;
                });
                if (method.equals("POST")) {
                    asked[0].cut();
                    assertThat(got(asking).statusCode()).isEqualTo(502);
                    return;
                }
                asked[0].cut();
                BackstreamFake other = asked[0] == one ? two : one;
                other.answer(other.next(), 200, PLAIN, "the other");
                assertThat(got(asking).body()).isEqualTo("the other");
                asked[0].asked.clear();
            }
        }
    }

    @Test
    void the_deadline_is_504_and_a_late_answer_goes_nowhere() throws Exception {
        open(options());
        try (BackstreamFake fake = client("4711", false)) {
            HttpResponse<String> late = got(send(to("4711", "/").header("x-backstream-request-timeout", "200ms")));
            assertThat(late.statusCode()).isEqualTo(504);
            fake.answer(fake.next(), 200, PLAIN, "late");
            CompletableFuture<HttpResponse<String>> well = send(to("4711", "/"));
            fake.answer(fake.next(), 200, PLAIN, "well");
            assertThat(got(well).body()).isEqualTo("well");
        }
    }

    @Test
    void what_does_not_fit_into_a_message_is_413_there_and_502_back() throws Exception {
        open(options());
        try (BackstreamFake fake = client("4711", true)) {
            byte[] body = new byte[MESSAGE * 2 / 3];
            Arrays.fill(body, (byte) 'x');
            // as text in JSON, twice in Base64, it is more than a message may be
            HttpResponse<String> tooLarge = got(send(to("4711", "/").POST(BodyPublishers.ofByteArray(body))));
            assertThat(tooLarge.statusCode()).isEqualTo(413);
            assertThat(tooLarge.body()).contains("at most " + MESSAGE);
            HttpResponse<String> larger =
                    got(send(to("4711", "/").POST(BodyPublishers.ofByteArray(new byte[MESSAGE + 1]))));
            assertThat(larger.statusCode()).isEqualTo(413);

            CompletableFuture<HttpResponse<String>> asking = send(to("4711", "/"));
            CompletableFuture<HttpResponse<String>> beside = send(to("4711", "/"));
            fake.answer(fake.next(), 200, PLAIN, "y".repeat(MESSAGE));
            fake.answer(fake.next(), 200, PLAIN, "well");
            assertThat(List.of(got(asking).statusCode(), got(beside).statusCode()))
                    .containsExactlyInAnyOrder(502, 200);
        }
    }

    @Test
    void too_many_at_one_client_are_503_with_retry_after() throws Exception {
        open(options().withRequests(1));
        try (BackstreamFake fake = client("4711", false)) {
            CompletableFuture<HttpResponse<String>> first = send(to("4711", "/"));
            Question question = fake.next();
            HttpResponse<String> second = got(send(to("4711", "/")));
            assertThat(second.statusCode()).isEqualTo(503);
            assertThat(second.headers().firstValue("retry-after")).contains("1");
            fake.answer(question, 200, PLAIN, "well");
            assertThat(got(first).body()).isEqualTo("well");
        }
    }

    @Test
    void who_may_come_is_decided_by_the_credential_and_again_and_again() throws Exception {
        open(options().withPing(Duration.ofMillis(500)));
        Map.of("/ws", 401, "/ws?credential=none", 401, "/ws?credential=me&codec=xml", 400, "/ws?token=me", 400)
                .forEach((path, status) -> assertThatThrownBy(() -> new BackstreamFake(port, path, "4711", false))
                        .satisfies(e -> assertThat(status(e)).isEqualTo(status)));
        assertThatThrownBy(() -> client("other", false))
                .satisfies(e -> assertThat(status(e)).isEqualTo(403));
        assertThatThrownBy(() -> client("", false))
                .satisfies(e -> assertThat(status(e)).isEqualTo(400));
        assertThatThrownBy(() -> client("$watch", false))
                .satisfies(e -> assertThat(status(e)).isEqualTo(400));
        try (BackstreamFake fake = client("4711", false)) {
            revoked.set(true);
            assertThat(fake.closed.get(20, TimeUnit.SECONDS)).isEqualTo(1008);
        }
        assertThat(site.log.stream().map(AccessRecord::toString)).noneMatch(line -> line.contains("credential=me"));
    }

    @Test
    void a_client_that_says_nothing_for_two_pings_is_gone() throws Exception {
        open(options().withPing(Duration.ofMillis(100)));
        try (Socket silent = RawHttp.connect(port)) {
            RawHttp.write(
                    silent,
                    "GET /ws?credential=me HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                            + "X-Backstream-Client-Id: 4711\r\n\r\n");
            assertThat(RawHttp.readHead(silent.getInputStream())).startsWith("HTTP/1.1 101 ");
            CompletableFuture<HttpResponse<String>> asking = send(to("4711", "/"));
            silent.getInputStream().transferTo(OutputStream.nullOutputStream());
            assertThat(got(asking).statusCode()).isEqualTo(502);
        }
    }

    private static int status(Throwable failure) {
        assertThat(failure)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(WebSocketHandshakeException.class);
        return ((WebSocketHandshakeException) failure.getCause()).getResponse().statusCode();
    }

    @Test
    void clients_without_an_id_share_a_name_where_none_is_required() throws Exception {
        open(options().withNameless("web"));
        try (BackstreamFake fake = client("", false)) {
            CompletableFuture<HttpResponse<String>> asking =
                    send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/")));
            fake.answer(fake.next(), 200, PLAIN, "any");
            assertThat(got(asking).body()).isEqualTo("any");
        }
    }

    @Test
    void an_id_with_dots_is_a_name_and_the_stream_is_dialled_as_any_other() throws Exception {
        open(options());
        try (BackstreamFake fake = client("shop.example", false)) {
            CompletableFuture<HttpResponse<String>> asking = send(to("shop.example", "/"));
            fake.answer(fake.next(), 200, PLAIN, "dots");
            assertThat(got(asking).body()).isEqualTo("dots");
            try (Socket dialled = site.edge.socket(".shop.example")) {
                RawHttp.write(dialled, "GET /dialled HTTP/1.1\r\nHost: x\r\n\r\n");
                fake.answer(fake.next(), 200, PLAIN, "by name");
                assertThat(RawHttp.readHead(dialled.getInputStream())).startsWith("HTTP/1.1 200 OK");
            }
        }
    }

    @Test
    void a_client_that_sends_nonsense_is_sent_away_and_a_websocket_of_another_kind_passes() throws Exception {
        open(options());
        try (BackstreamFake fake = client("4711", true)) {
            fake.sendText("nonsense");
            assertThat(fake.closed.get(20, TimeUnit.SECONDS)).isEqualTo(1007);
        }
        // without the header it is a request for the service of the fallback, which is not there
        assertThatThrownBy(() -> new BackstreamFake(port, "/ws?credential=me", null, false))
                .satisfies(e -> assertThat(status(e)).isEqualTo(404));
    }
}
