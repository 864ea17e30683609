package dev.culvert.gateway;

import static dev.culvert.gateway.Http2Peer.fields;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.node.RawHttp;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** WebSocket on a stream of HTTP/2 (RFC 8441) towards services that know it as an upgrade. */
final class Http2TunnelTest {
    private Site site;
    private int port;
    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

    @BeforeEach
    void start() throws IOException {
        site = new Site();
        port = site.gateway();
        site.serve("web", stream -> {
            String head = RawHttp.readHead(stream.input());
            seen.add(head);
            boolean taken = !head.startsWith("GET /no ");
            String answer = taken
                    ? "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Accept: x\r\nSec-WebSocket-Protocol: chat\r\n\r\nearly "
                    : "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno";
            Site.say(stream, answer);
            if (taken) {
                stream.output().write(stream.input().readAllBytes());
            }
        });
    }

    @AfterEach
    void stop() {
        site.close();
    }

    /** The pseudo-headers of an extended CONNECT. */
    static String[] websocket(String path) {
        String[] fields = fields("CONNECT", "web.localhost", path, "sec-websocket-version", "13");
        String[] all = new String[fields.length + 2];
        all[0] = ":protocol";
        all[1] = "websocket";
        System.arraycopy(fields, 0, all, 2, fields.length);
        return all;
    }

    @Test
    void bytes_pass_both_ways_and_halves_end_one_by_one() throws Exception {
        try (Http2Peer peer = Http2Peer.connect(port)) {
            assertThat(peer.await(Http2Peer.SETTINGS).payload())
                    .as("SETTINGS_ENABLE_CONNECT_PROTOCOL")
                    .containsSequence(0, 8, 0, 0, 0, 1);
            peer.request(1, false, websocket("/ws?x"));
            Http2Peer.Frame head = peer.await(Http2Peer.HEADERS);
            assertThat(head.ends()).isFalse();
            assertThat(peer.head(head))
                    .containsEntry(":status", "200")
                    .containsEntry("sec-websocket-protocol", "chat")
                    .doesNotContainKeys("sec-websocket-accept", "upgrade", "connection");
            assertThat(peer.await(Http2Peer.DATA).text()).isEqualTo("early ");
            peer.data(1, false, "by");
            peer.data(1, true, "tes");
            StringBuilder rest = new StringBuilder();
            Http2Peer.Frame data;
            do {
                data = peer.await(Http2Peer.DATA);
                rest.append(data.text());
            } while (!data.ends() && data.type() == Http2Peer.DATA);
            assertThat(rest).hasToString("bytes");
        }
        assertThat(seen.poll(20, TimeUnit.SECONDS))
                .startsWith("GET /ws?x HTTP/1.1\r\n")
                .containsIgnoringCase("\r\nconnection: upgrade\r\n")
                .containsIgnoringCase("\r\nupgrade: websocket\r\n")
                .containsPattern("(?i)\r\nsec-websocket-key: [A-Za-z0-9+/]{22}==\r\n")
                .contains("sec-websocket-version: 13");
        assertThat(site.log.poll(20, TimeUnit.SECONDS).status()).isEqualTo(101);
    }

    @Test
    void a_service_that_refuses_answers_as_to_any_request() throws Exception {
        try (Http2Peer peer = Http2Peer.connect(port)) {
            peer.request(1, false, websocket("/no"));
            Http2Peer.Answer answer = peer.answer(1);
            assertThat(answer.status()).isEqualTo("403");
            assertThat(answer.body()).isEqualTo("no");
        }
    }

    @Test
    void a_client_that_resets_resets_the_service() throws Exception {
        BlockingQueue<String> ends = new LinkedBlockingQueue<>();
        site.serve("ends", stream -> {
            RawHttp.readHead(stream.input());
            Site.say(stream, "HTTP/1.1 101 S\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
            try {
                ends.add("read " + stream.input().read());
            } catch (IOException reset) {
                ends.add("reset");
            }
        });
        try (Http2Peer peer = Http2Peer.connect(port)) {
            String[] fields = websocket("/");
            fields[7] = "ends.localhost";
            peer.request(1, false, fields);
            peer.await(Http2Peer.HEADERS);
            peer.frame(Http2Peer.RST_STREAM, 0, 1, Http2Peer.hex("00000008"));
            assertThat(ends.poll(20, TimeUnit.SECONDS)).isEqualTo("reset");
        }
    }
}
