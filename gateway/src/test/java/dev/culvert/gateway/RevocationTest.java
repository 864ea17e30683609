package dev.culvert.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.culvert.api.Address;
import dev.culvert.api.ErrorCode;
import dev.culvert.node.RawHttp;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests that last longer than what they were let in with. */
final class RevocationTest {
    private static final GatewayOptions OFTEN =
            GatewayOptions.DEFAULT.withTimes(GatewayTimes.DEFAULT.withRecheck(Duration.ofMillis(20)));
    private static final String SECRET = "Culvert-Authorization: Bearer secret\r\n";

    private final BlockingQueue<String> ended = new LinkedBlockingQueue<>();
    private Site site;
    private int port;
    private volatile boolean revoked;

    @BeforeEach
    void start() throws IOException {
        site = new Site();
        port = site.gateway(OFTEN, (address, credential) -> judge(address, credential));
    }

    private Access.Verdict judge(Address address, @Nullable String credential) {
        return credential == null
                ? new Access.Admitted(address, "")
                : revoked
                        ? new Access.Refused(ErrorCode.REVOKED, "the credential is revoked", "ask for another")
                        : new Access.Admitted(address, "token:alice");
    }

    @AfterEach
    void stop() {
        site.close();
    }

    private void serve(String first) throws IOException {
        site.serve("web", stream -> {
            String who = RawHttp.readHead(stream.input()).contains("/anyone") ? "anyone" : "alice";
            try {
                Site.say(stream, first);
                stream.input().transferTo(stream.output());
                ended.add(who + " finished");
            } catch (IOException broken) {
                ended.add(who);
            }
        });
    }

    private Socket ask(String path, String more) throws IOException {
        Socket socket = RawHttp.connect(port);
        RawHttp.write(socket, "GET " + path + " HTTP/1.1\r\nHost: web.localhost\r\n" + more + "\r\n");
        return socket;
    }

    private static boolean isOver(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException reset) {
            return true;
        }
    }

    @Test
    void a_tunnel_ends_with_the_credential_and_others_last() throws Exception {
        serve("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n");
        String upgrade = "Connection: upgrade\r\nUpgrade: x\r\n";
        try (Socket alice = ask("/", SECRET + upgrade);
                Socket anyone = ask("/anyone", upgrade)) {
            assertThat(RawHttp.readHead(alice.getInputStream())).startsWith("HTTP/1.1 101 ");
            assertThat(RawHttp.readHead(anyone.getInputStream())).startsWith("HTTP/1.1 101 ");
            revoked = true;
            assertThat(isOver(alice)).isTrue();
            assertThat(ended.poll(20, TimeUnit.SECONDS))
                    .as("the service learns it")
                    .isEqualTo("alice");
            RawHttp.write(anyone, "still here");
            assertThat(anyone.getInputStream().readNBytes(10)).isEqualTo("still here".getBytes(ISO_8859_1));
        }
    }

    @Test
    void an_answer_that_has_begun_breaks_off_and_one_that_has_not_is_401() throws Exception {
        serve("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        site.serve("late", stream -> stream.input().readAllBytes());
        try (Socket begun = ask("/", SECRET);
                Socket waiting = ask("/", SECRET + "culvert-target: late\r\n")) {
            assertThat(RawHttp.readHead(begun.getInputStream())).startsWith("HTTP/1.1 200 ");
            revoked = true;
            assertThat(isOver(begun)).isTrue();
            assertThat(RawHttp.readHead(waiting.getInputStream()))
                    .startsWith("HTTP/1.1 401 ")
                    .contains("Culvert-Error: REVOKED\r\n");
        }
        await().atMost(Site.PATIENCE).until(() -> "alice".equals(ended.poll()));
    }
}
