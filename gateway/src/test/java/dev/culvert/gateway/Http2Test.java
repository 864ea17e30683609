package dev.culvert.gateway;

import static dev.culvert.gateway.Http2Peer.fields;
import static dev.culvert.gateway.Site.say;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.node.RawHttp;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** HTTP/2 in front, HTTP/1.1 behind: each stream is a request like any other. */
final class Http2Test {
    private static final int UPLOAD = 8 << 20;
    private static final int STREAM_WINDOW = 128 * 1024;
    private Site site;
    private int port;

    @BeforeEach
    void start() throws IOException {
        site = new Site();
        port = site.gateway();
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    void a_request_reaches_the_service_as_http_1_and_its_answer_comes_back() throws Exception {
        BlockingQueue<String> seen = site.answer(
                "web", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: X-Hop\r\nX-Hop: 1\r\nX-Up: A\r\n\r\nhello");
        try (Http2Peer peer = Http2Peer.connect(port)) {
            peer.request(
                    1,
                    true,
                    fields(
                            "GET",
                            "web.localhost:7480",
                            "/a%2Fb?c",
                            "cookie",
                            "a=1",
                            "cookie",
                            "b=2",
                            "te",
                            "trailers",
                            "culvert-secret",
                            "x",
                            "x-forwarded-for",
                            "1.1.1.1"));
            Http2Peer.Answer answer = peer.answer(1);
            assertThat(answer.status()).isEqualTo("200");
            assertThat(answer.body()).isEqualTo("hello");
            assertThat(answer.head())
                    .containsEntry("x-up", "A")
                    .containsEntry("content-length", "5")
                    .doesNotContainKeys("connection", "x-hop");
        }
        assertThat(seen.poll(20, TimeUnit.SECONDS))
                .startsWith("GET /a%2Fb?c HTTP/1.1\r\nhost: web.localhost:7480\r\n")
                .contains("\r\ncookie: a=1; b=2\r\n", "\r\nte: trailers\r\n", "via: 2.0 relay1")
                .contains("X-Forwarded-For: 127.0.0.1\r\n")
                .doesNotContain("culvert-secret", "1.1.1.1", "chunked");
        AccessRecord record = site.log.poll(20, TimeUnit.SECONDS);
        assertThat(record.toJson()).contains("\"protocol\":\"HTTP/2.0\"", "\"status\":200", "\"bytesOut\":5");
    }

    @Test
    void answers_without_a_body_end_with_their_head() throws Exception {
        site.serve("web", stream -> {
            boolean head = RawHttp.readHead(stream.input()).startsWith("HEAD");
            say(stream, head ? "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n" : "HTTP/1.1 204 No Content\r\n\r\n");
        });
        try (Http2Peer peer = Http2Peer.connect(port)) {
            peer.request(1, true, fields("HEAD", "web.localhost", "/"));
            Http2Peer.Frame head = peer.await(Http2Peer.HEADERS);
            assertThat(head.ends()).isTrue();
            assertThat(peer.head(head)).containsEntry("content-length", "9");
            peer.request(3, true, fields("GET", "web.localhost", "/"));
            assertThat(peer.await(Http2Peer.HEADERS).ends()).isTrue();
            peer.request(5, true, fields("HEAD", "nobody.localhost", "/"));
            Http2Peer.Frame fault = peer.await(Http2Peer.HEADERS);
            assertThat(fault.ends()).isTrue();
            assertThat(peer.head(fault)).containsEntry(":status", "404");
        }
    }

    @Test
    void bodies_and_trailers_pass_both_ways_and_interim_answers_come_first() throws Exception {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        site.serve("web", stream -> {
            RawHttp.readHead(stream.input());
            say(stream, "HTTP/1.1 100 Continue\r\n\r\n");
            seen.add(RawHttp.readHead(stream.input()));
            say(stream, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-Sum: 7\r\n\r\n");
        });
        try (Http2Peer peer = Http2Peer.connect(port)) {
            peer.request(1, false, fields("POST", "web.localhost", "/", "expect", "100-continue"));
            Http2Peer.Frame interim = peer.await(Http2Peer.HEADERS);
            assertThat(peer.head(interim)).containsEntry(":status", "100");
            peer.data(1, false, "ab");
            peer.frame(Http2Peer.HEADERS, 5, 1, Http2Peer.block("x-check", "1", "culvert-target", "x", "host", "y"));
            Http2Peer.Answer answer = peer.answer(1);
            assertThat(answer.body()).isEqualTo("a");
            assertThat(answer.trailers()).isEqualTo(Map.of("x-sum", "7"));
        }
        assertThat(seen.poll(20, TimeUnit.SECONDS)).isEqualTo("2\r\nab\r\n0\r\nx-check: 1\r\n\r\n");
    }

    @Test
    void an_upload_into_a_slow_service_stops_its_own_stream_and_no_other() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        site.serve("slow", stream -> {
            RawHttp.readHead(stream.input());
            read.await();
            stream.input().skipNBytes(UPLOAD);
            say(stream, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone");
        });
        site.answer("web", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        try (Http2Peer peer = Http2Peer.connect(port)) {
            peer.await(Http2Peer.SETTINGS);
            peer.request(1, false, fields("POST", "slow.localhost", "/", "content-length", "" + UPLOAD));
            int sent = 0;
            int stuck = 0;
            for (int other = 3; stuck < 5; other += 2) {
                int before = sent;
                sent = send(peer, sent);
                stuck = sent == before ? stuck + 1 : 0;
                peer.get(other, "web", "/");
                assertThat(peer.answer(other).body()).isEqualTo("ok");
            }
            assertThat(sent).as("the stream stands, and its buffers are small").isLessThan(UPLOAD / 2);
            read.countDown();
            while (sent < UPLOAD) {
                peer.await(Http2Peer.WINDOW_UPDATE);
                sent = send(peer, sent);
            }
            assertThat(peer.answer(1).body()).isEqualTo("done");
        }
    }

    /** As much of the upload as the stream's window lets through. */
    private static int send(Http2Peer peer, int from) throws IOException {
        int to = Math.min(UPLOAD, STREAM_WINDOW + peer.granted(1));
        int sent = from;
        while (sent < to) {
            int piece = Math.min(to - sent, 16 * 1024);
            sent += piece;
            peer.data(1, sent == UPLOAD, "x".repeat(piece));
        }
        return sent;
    }

    @Test
    void a_client_that_takes_nothing_stops_the_service_and_not_its_other_streams() throws Exception {
        Bulk answer = new Bulk();
        site.serve("big", stream -> {
            RawHttp.readHead(stream.input());
            say(stream, "HTTP/1.1 200 OK\r\n\r\n");
            answer.send(stream.output(), 64 << 20);
        });
        site.answer("web", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        try (Http2Peer peer = Http2Peer.connect(port)) {
            peer.grant(0, 1 << 24);
            peer.get(1, "big", "/");
            peer.head(peer.await(Http2Peer.HEADERS));
            long got = 0;
            while (got < 65_535) {
                got += peer.await(Http2Peer.DATA).payload().length;
            }
            assertThat(got).isEqualTo(65_535);
            peer.get(3, "web", "/");
            assertThat(peer.answer(3).body()).isEqualTo("ok");
            assertThat(answer.sent()).as("buffers along the way, not the body").isLessThan(16 << 20);
            peer.grant(1, 1 << 20);
            long more = 0;
            while (more < 1 << 20) {
                more += peer.await(Http2Peer.DATA).payload().length;
            }
            assertThat(more).isEqualTo(1 << 20);
        }
    }

    @Test
    void a_reset_by_the_client_resets_the_service_and_a_lost_service_resets_the_client() throws Exception {
        BlockingQueue<String> ends = new LinkedBlockingQueue<>();
        CountDownLatch asked = new CountDownLatch(1);
        site.serve("web", stream -> {
            String head = RawHttp.readHead(stream.input());
            if (head.startsWith("GET /lost")) {
                say(stream, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
                return;
            }
            asked.countDown();
            try {
                ends.add("read " + stream.input().read());
            } catch (IOException reset) {
                ends.add("reset");
            }
        });
        try (Http2Peer peer = Http2Peer.connect(port)) {
            peer.request(1, false, fields("POST", "web.localhost", "/wait"));
            assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
            peer.frame(Http2Peer.RST_STREAM, 0, 1, Http2Peer.hex("00000008"));
            assertThat(ends.poll(20, TimeUnit.SECONDS)).isEqualTo("reset");
            assertThat(site.log.poll(20, TimeUnit.SECONDS).status()).isZero();
            peer.get(3, "web", "/lost");
            Http2Peer.Frame reset = peer.await(Http2Peer.RST_STREAM);
            assertThat(reset.stream()).isEqualTo(3);
            assertThat(reset.error()).isEqualTo(2);
        }
    }

    @Test
    void an_answer_before_the_end_of_the_body_tells_the_client_to_stop() throws Exception {
        site.serve("web", stream -> {
            RawHttp.readHead(stream.input());
            say(stream, "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
        });
        try (Http2Peer peer = Http2Peer.connect(port)) {
            peer.request(1, false, fields("POST", "web.localhost", "/"));
            assertThat(peer.answer(1).status()).isEqualTo("403");
            Http2Peer.Frame reset = peer.await(Http2Peer.RST_STREAM);
            assertThat(reset.error()).as("NO_ERROR").isZero();
            peer.data(1, false, "what was on its way is ignored");
            peer.request(3, false, fields("POST", "nobody.localhost", "/"));
            assertThat(peer.answer(3).status()).isEqualTo("404");
            assertThat(peer.await(Http2Peer.RST_STREAM).error()).isZero();
        }
    }

    @Test
    void the_gateways_own_statuses_are_those_of_http_1() throws Exception {
        site.serve("silent", stream -> stream.input().readAllBytes());
        try (Http2Peer peer = Http2Peer.connect(port)) {
            peer.get(1, "nobody", "/");
            Http2Peer.Answer unknown = peer.answer(1);
            assertThat(unknown.status()).isEqualTo("404");
            assertThat(unknown.body()).contains("\"code\":\"UNKNOWN_SERVICE\"");
            peer.request(3, true, fields("GET", "silent.localhost", "/", "culvert-timeout", "50ms"));
            assertThat(peer.answer(3).status()).isEqualTo("504");
            peer.request(5, true, ":method", "CONNECT", ":authority", "web.localhost:80");
            assertThat(peer.answer(5).status()).isEqualTo("405");
            peer.request(7, true, fields("GET", "web.localhost", "/#fragment"));
            assertThat(peer.answer(7).status()).isEqualTo("400");
            peer.request(9, true, fields("GET", "user@web.localhost", "/"));
            assertThat(peer.answer(9).status()).isEqualTo("400");
        }
    }

    @Test
    void a_client_that_keeps_the_gateway_waiting_is_given_up() throws Exception {
        site.serve("silent", stream -> stream.input().readAllBytes());
        GatewayOptions hasty = GatewayOptions.DEFAULT.withTimes(GatewayTimes.DEFAULT.withIdle(Duration.ofMillis(200)));
        int hastyPort = site.gateway(hasty, Site.ANYONE);
        try (Http2Peer peer = Http2Peer.connect(hastyPort)) {
            peer.request(1, false, fields("POST", "silent.localhost", "/"));
            assertThat(peer.answer(1).status()).isEqualTo("408");
            assertThat(peer.await(Http2Peer.GOAWAY).error()).isZero();
            assertThat(peer.next().type()).isEqualTo(Http2Peer.CLOSED);
        }
    }

    /** It says that it lives, and would keep as much of our memory as it likes. */
    @Test
    void a_client_that_takes_no_answer_is_given_up_when_all_is_said() throws Exception {
        site.answer("web", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        GatewayOptions hasty = GatewayOptions.DEFAULT.withTimes(GatewayTimes.DEFAULT.withIdle(Duration.ofMillis(200)));
        try (Http2Peer peer = Http2Peer.connect(site.gateway(hasty, Site.ANYONE))) {
            peer.frame(Http2Peer.SETTINGS, 0, 0, Http2Peer.hex("0004 00000000"));
            peer.get(1, "web", "/");
            Http2Peer.Frame frame = peer.next();
            for (int pings = 0; frame.type() != Http2Peer.RST_STREAM && pings < 10; frame = peer.next()) {
                if (frame.type() == Http2Peer.PING) {
                    pings++;
                    peer.frame(Http2Peer.PING, Http2Peer.ACK, 0, frame.payload());
                }
            }
            assertThat(frame.type()).isEqualTo(Http2Peer.RST_STREAM);
            assertThat(frame.error()).as("CANCEL").isEqualTo(8);
        }
    }

    @Test
    void a_connection_that_answers_nothing_is_given_up_and_one_that_does_may_be_silent() throws Exception {
        site.serve("silent", stream -> stream.input().readAllBytes());
        GatewayOptions hasty = GatewayOptions.DEFAULT.withTimes(GatewayTimes.DEFAULT.withIdle(Duration.ofMillis(300)));
        int hastyPort = site.gateway(hasty, Site.ANYONE);
        try (Http2Peer peer = Http2Peer.connect(hastyPort)) {
            peer.request(1, false, fields("POST", "silent.localhost", "/", "content-type", "application/grpc"));
            for (int i = 0; i < 3; i++) {
                Http2Peer.Frame ping = peer.await(Http2Peer.PING);
                assertThat(ping.type()).isEqualTo(Http2Peer.PING);
                peer.frame(Http2Peer.PING, Http2Peer.ACK, 0, ping.payload());
            }
            peer.await(Http2Peer.PING);
            assertThat(peer.await(Http2Peer.PING).type()).isEqualTo(Http2Peer.CLOSED);
        }
    }

    @Test
    void draining_serves_what_is_under_way_and_ends() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        site.serve("web", stream -> {
            RawHttp.readHead(stream.input());
            asked.countDown();
            answer.await();
            say(stream, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        });
        Gateway gateway = site.newGateway(GatewayOptions.DEFAULT, Site.ANYONE);
        int drained = site.enter(gateway);
        try (Http2Peer busy = Http2Peer.connect(drained);
                Http2Peer idle = Http2Peer.connect(drained)) {
            idle.await(Http2Peer.SETTINGS);
            busy.get(1, "web", "/");
            assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
            gateway.drain();
            assertThat(idle.await(Http2Peer.GOAWAY).error()).isZero();
            assertThat(busy.await(Http2Peer.GOAWAY).number(0)).isEqualTo(Integer.MAX_VALUE);
            busy.frame(
                    Http2Peer.PING, Http2Peer.ACK, 0, busy.await(Http2Peer.PING).payload());
            assertThat(busy.await(Http2Peer.GOAWAY).number(0)).isEqualTo(1);
            answer.countDown();
            assertThat(busy.answer(1).body()).isEqualTo("ok");
            assertThat(busy.await(Http2Peer.CLOSED).type()).isEqualTo(Http2Peer.CLOSED);
        }
    }
}
