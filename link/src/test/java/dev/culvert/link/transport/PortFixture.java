package dev.culvert.link.transport;

import dev.culvert.policy.IdentityKey;
import dev.culvert.policy.RelayCertificate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** Ports on loopback and peers that write bytes to them, all closed after each test. */
abstract class PortFixture {
    static final IdentityKey RELAY = IdentityKey.generate();
    static final RelayCertificate CERTIFICATE = RelayCertificate.issue(RELAY, List.of("localhost"));
    static final Endpoint ANY = Endpoint.parse("tls://127.0.0.1:0");
    static final String PROXY_V2 = "0d0a0d0a000d0a515549540a";

    static Loops loops;

    final List<AutoCloseable> open = new ArrayList<>();
    final Echo echo = new Echo();

    @BeforeAll
    static void start() {
        loops = Loops.start("port-test", 2);
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    @AfterAll
    static void stop() {
        loops.close();
    }

    LinkPort clear() throws InterruptedException {
        return bind(LinkPortOptions.DEFAULT.withClear(true));
    }

    LinkPort secure(AcceptLimits limits) throws InterruptedException {
        return bind(LinkPortOptions.DEFAULT.withCertificate(CERTIFICATE).withLimits(limits));
    }

    LinkPort bind(LinkPortOptions options) throws InterruptedException {
        Endpoint endpoint = options.certificate() == null ? Endpoint.parse("tcp://127.0.0.1:0") : ANY;
        LinkPort port = Echo.get(LinkPort.bind(loops, endpoint, options, echo));
        open.add(port);
        return port;
    }

    Raw raw(LinkPort port) throws IOException {
        Raw peer = Raw.to(port);
        open.add(peer);
        return peer;
    }

    Raw tls(LinkPort port, String... alpn) throws Exception {
        Raw peer = Raw.inTls(port, alpn);
        open.add(peer);
        return peer;
    }

    static AcceptLimits limits(
            int handshakes, int perAddress, int connections, long silentMillis, long handshakeMillis, long bytes) {
        return new AcceptLimits(handshakes, perAddress, connections, silentMillis, handshakeMillis, bytes);
    }
}
