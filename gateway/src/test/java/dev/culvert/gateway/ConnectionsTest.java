package dev.culvert.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.culvert.node.RawHttp;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many connections clients may have. */
final class ConnectionsTest {
    private static final GatewayOptions EIGHT =
            GatewayOptions.DEFAULT.withLimits(GatewayLimits.DEFAULT.withConnections(8));
    private Site site;

    @BeforeEach
    void start() throws IOException {
        site = new Site();
        site.serve("web", stream -> {
            while (true) {
                RawHttp.readHead(stream.input());
                Site.say(stream, "HTTP/1.1 204 No Content\r\n\r\n");
            }
        });
    }

    @AfterEach
    void stop() {
        site.close();
    }

    /** Connected and served. */
    private static Socket guest(int port) throws IOException {
        Socket socket = RawHttp.connect(port);
        RawHttp.write(socket, "GET / HTTP/1.1\r\nHost: web.localhost\r\n\r\n");
        assertThat(RawHttp.readHead(socket.getInputStream())).startsWith("HTTP/1.1 204 ");
        return socket;
    }

    @Test
    void an_address_has_a_quarter_of_the_connections_at_most() throws Exception {
        int port = site.gateway(EIGHT, Site.ANYONE);
        try (Socket first = guest(port)) {
            try (Socket second = guest(port);
                    Socket third = RawHttp.connect(port)) {
                assertThat(third.getInputStream().read()).as("closed").isEqualTo(-1);
                assertThat(second.isConnected()).isTrue();
            }
            await("the place of the second is free")
                    .atMost(Site.PATIENCE)
                    .ignoreExceptions()
                    .untilAsserted(() -> guest(port).close());
            assertThat(first.isConnected()).isTrue();
        }
    }

    @Test
    void a_trusted_proxy_speaks_for_many() throws Exception {
        int port = site.gateway(EIGHT.withTrusted(TrustedProxies.of(List.of("127.0.0.1"))), Site.ANYONE);
        try (Socket first = guest(port);
                Socket second = guest(port);
                Socket third = guest(port)) {
            assertThat(List.of(first, second, third)).allMatch(Socket::isConnected);
        }
    }
}
