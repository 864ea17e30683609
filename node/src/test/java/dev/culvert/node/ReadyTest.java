package dev.culvert.node;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.culvert.api.Address;
import dev.culvert.api.DialException;
import dev.culvert.api.DialOptions;
import dev.culvert.api.ErrorCode;
import dev.culvert.link.transport.Endpoint;
import dev.culvert.link.transport.LinkPortOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node says that it is ready when callers reach its services, and not before. [OPEN-15] */
@Timeout(60)
final class ReadyTest {
    private final Net net = new Net();

    @AfterEach
    void close() {
        net.close();
    }

    /** What a node says, in order. */
    private static final class Said implements NodeListener {
        private final List<String> words = new CopyOnWriteArrayList<>();

        @Override
        public void onServiceRegistered(String relay, String service, int publicPort) {
            words.add("registered " + service);
        }

        @Override
        public void onServiceReached(String relay, String service, long nanos) {
            words.add("reached " + service);
        }

        @Override
        public void onServiceNotReached(String relay, String service, ErrorCode code, String text) {
            words.add("not reached " + service + " " + code);
        }

        @Override
        public void onReady() {
            words.add("ready");
        }

        void says(String word) {
            await().atMost(Net.PATIENCE).untilAsserted(() -> assertThat(words).contains(word));
        }
    }

    private static ServerSocket listen(int port) throws IOException {
        return new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
    }

    @Test
    void it_waits_for_a_target_that_is_down() throws IOException {
        net.start(net.relay("relay1"));
        int port;
        try (ServerSocket free = listen(0)) {
            port = free.getLocalPort();
        }
        Said said = new Said();
        ExposedService web = ExposedService.of("web", new Target.Tcp("127.0.0.1", port));
        net.start(net.agent("edge7", "relay1").withService(web), said);
        said.says("not reached web TARGET_REFUSED");
        assertThat(said.words).contains("registered web").doesNotContain("ready");

        try (ServerSocket target = listen(port);
                Socket probed = target.accept()) {
            said.says("ready");
            assertThat(said.words).endsWith("reached web", "ready");
            assertThat(probed.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void it_waits_while_the_way_back_is_cut() throws IOException {
        CulvertNode relay = net.start(net.relay("relay1")
                .withListen(new ListenConfig(
                        List.of(new Endpoint.Tcp("127.0.0.1", 0)),
                        LinkPortOptions.DEFAULT.withClear(true),
                        Net.anybody(),
                        "127.0.0.1")));
        int relayPort = ((Endpoint.Tcp) relay.listening().get(0)).port();
        try (OneWay between = new OneWay(relayPort)) {
            NodeConfig config = NodeConfig.of(new NodeIdentity(net.key("edge7"), "edge7", ""))
                    .withLink(net.link(new Endpoint.Tcp("127.0.0.1", between.port()), "relay1"))
                    .withLimits(NodeLimits.DEFAULT.withTimes(new NodeTimes(60_000, 10_000, 300, 0)));
            Said said = new Said();
            CulvertNode edge = net.start(config, said);
            edge.bind("web", stream -> stream.output().write(1));
            said.says("not reached web DEADLINE");
            assertThat(said.words).contains("registered web").doesNotContain("reached web", "ready");

            between.mend();
            said.says("ready");
        }
    }

    @Test
    void a_handler_is_not_bothered_by_a_probe_and_a_caller_cannot_make_one() throws IOException {
        net.start(net.relay("relay1"));
        Said said = new Said();
        CulvertNode edge = net.start(net.agent("edge7", "relay1"), said);
        edge.awaitLink(Net.PATIENCE);
        List<Map<String, String>> handled = new CopyOnWriteArrayList<>();
        edge.bind("web", stream -> handled.add(stream.headers()));
        said.says("reached web");
        assertThat(handled).isEmpty();

        CulvertNode caller = net.linked("laptop", "relay1");
        DialOptions forged = DialOptions.DEFAULT.withHeaders(Map.of(Probe.HEADER, "1", "colour", "blue"));
        caller.dial(Address.parse("web"), forged).close();
        await().atMost(Net.PATIENCE).untilAsserted(() -> assertThat(handled).containsExactly(Map.of("colour", "blue")));
    }

    @Test
    void nobody_has_the_services_of_another_probed() throws IOException {
        net.start(net.relay("relay1"));
        CulvertNode edge = net.linked("edge7", "relay1");
        edge.bind("web", stream -> stream.output().write(1));
        CulvertNode caller = net.linked("laptop", "relay1");
        DialOptions options = DialOptions.DEFAULT.withHeaders(Map.of(Probe.SERVICE, "web"));
        assertThatThrownBy(() -> caller.dial(Address.at("relay1", ProbeService.NAME), options))
                .isInstanceOfSatisfying(
                        DialException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_ROUTE));
    }

    /** Between a node and its relay: once a probe has been asked for, nothing comes back from the relay until it is mended. */
    private static final class OneWay implements AutoCloseable {
        private final ServerSocket server = listen(0);
        private final CountDownLatch mended = new CountDownLatch(1);
        private volatile boolean cut;

        OneWay(int relayPort) throws IOException {
            Net.THREADS.execute(() -> {
                try {
                    while (true) {
                        Socket node = server.accept();
                        Socket relay = new Socket(InetAddress.getLoopbackAddress(), relayPort);
                        Net.THREADS.execute(() -> copy(node, relay, true));
                        Net.THREADS.execute(() -> copy(relay, node, false));
                    }
                } catch (IOException e) {
                    mended.countDown(); // the test is over
                }
            });
        }

        int port() {
            return server.getLocalPort();
        }

        private void copy(Socket from, Socket to, boolean up) {
            byte[] buffer = new byte[16 * 1024];
            try (InputStream in = from.getInputStream();
                    OutputStream out = to.getOutputStream()) {
                for (int bytes = in.read(buffer); bytes > 0; bytes = in.read(buffer)) {
                    if (up && new String(buffer, 0, bytes, ISO_8859_1).contains(ProbeService.NAME)) {
                        cut = true;
                    } else if (!up && cut) {
                        mended.await();
                    }
                    out.write(buffer, 0, bytes);
                    out.flush();
                }
            } catch (IOException e) {
                mended.countDown(); // the link is over
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        void mend() {
            mended.countDown();
        }

        @Override
        public void close() throws IOException {
            mended.countDown();
            server.close();
        }
    }
}
