package dev.culvert.link.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.culvert.policy.IdentityKey;
import dev.culvert.policy.RelayCertificate;
import io.netty.channel.Channel;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a dialler does when something is wrong, and on the way through proxies. */
class ConnectorTest {
    private static final Loops LOOPS = Loops.start("connector-test", 1);
    private static final IdentityKey RELAY = IdentityKey.generate();
    private static final RelayCertificate CERTIFICATE =
            RelayCertificate.issue(RELAY, List.of("127.0.0.1", "localhost"));
    private static final ConnectOptions DIRECT = ConnectOptions.DEFAULT.withProxy(Proxy.NONE);

    private final List<AutoCloseable> open = new ArrayList<>();
    private final Echo echo = new Echo();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    @AfterAll
    static void stop() {
        LOOPS.close();
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void another_relays_key_is_refused_for_good(TlsEngine engine) throws Exception {
        LinkPort port = port();
        Trust wrong = Trust.pinned(IdentityKey.generate().publicKey());
        ConnectFailed failed = failure(connector(engine), port.endpoint(), DIRECT.withTrust(wrong));
        assertThat(failed.step()).isEqualTo("tls");
        assertThat(failed.retryHelps()).isFalse();
        assertThat(failed)
                .hasMessageContaining("relay's key: key ")
                .hasMessageContaining("expected: key ")
                .hasMessageContaining("culvert invite");
        assertThat(echo.links).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void a_self_issued_certificate_is_not_trusted_without_the_key(TlsEngine engine) throws Exception {
        ConnectFailed failed = failure(connector(engine), port().endpoint(), DIRECT);
        assertThat(failed.retryHelps()).isFalse();
        assertThat(failed).hasMessageContaining("not trusted").hasMessageContaining("join string");
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void an_own_authority_is_trusted_for_the_hosts_that_it_names(TlsEngine engine) throws Exception {
        RelayCertificate certificate = OwnAuthority.issue();
        LinkPort port = port(certificate);
        Trust own = new Trust.Custom(OwnAuthority.trust(certificate));
        Echo.get(connector(engine).connect(port.endpoint(), DIRECT.withTrust(own), StepListener.NONE))
                .close();
        Endpoint byOtherName = Endpoint.parse("tls://other.example:" + number(port));
        Connector toOther =
                connector(engine, host -> List.of(InetAddress.getLoopbackAddress()), name -> null, Instant::now);
        ConnectFailed failed = failure(toOther, byOtherName, DIRECT.withTrust(own));
        assertThat(failed.retryHelps()).isFalse();
        assertThat(failed).hasMessageContaining("other.example");
    }

    @Test
    void an_embedders_ssl_context_is_used_and_the_name_is_checked() throws Exception {
        RelayCertificate certificate = OwnAuthority.issue();
        LinkPort port = port(certificate);
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(null, new X509TrustManager[] {OwnAuthority.trust(certificate)}, null);
        ConnectOptions options = DIRECT.withTrust(new Trust.Context(context));
        Echo.get(connector(TlsEngine.preferred()).connect(port.endpoint(), options, StepListener.NONE))
                .close();
        Connector toOther = connector(
                TlsEngine.preferred(), host -> List.of(InetAddress.getLoopbackAddress()), name -> null, Instant::now);
        assertThat(failure(toOther, Endpoint.parse("tls://other.example:" + number(port)), options)
                        .retryHelps())
                .isFalse();
    }

    @ParameterizedTest
    @EnumSource(TlsEngine.class)
    void a_clock_that_is_ahead_is_named_and_can_be_set(TlsEngine engine) throws Exception {
        Instant later = Instant.now().plus(Duration.ofDays(400));
        Connector connector = connector(engine, NameLookup.SYSTEM, name -> null, () -> later);
        ConnectFailed failed = failure(connector, port().endpoint(), pinned());
        assertThat(failed.retryHelps()).isTrue();
        assertThat(failed).hasMessageContaining("here it is " + later);
    }

    @Test
    void a_name_without_an_address_may_have_one_later() throws Exception {
        NameLookup nothing = host -> {
            throw new UnknownHostException(host);
        };
        ConnectFailed failed = failure(
                connector(TlsEngine.preferred(), nothing, name -> null, Instant::now),
                Endpoint.parse("tls://gone.example"),
                DIRECT);
        assertThat(failed.step()).isEqualTo("resolve");
        assertThat(failed.retryHelps()).isTrue();
        assertThat(failed).hasMessageContaining("'gone.example'");
    }

    @Test
    void a_lookup_that_hangs_is_given_up() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        open.add(never::countDown);
        NameLookup hanging = host -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return List.of();
        };
        ConnectFailed failed = failure(
                connector(TlsEngine.preferred(), hanging, name -> null, Instant::now),
                Endpoint.parse("tls://slow.example"),
                new ConnectOptions(Trust.SYSTEM, Proxy.NONE, 50, 1000, 1000, 1000));
        assertThat(failed).hasMessageContaining("no answer within 50 ms");
    }

    @Test
    void of_several_addresses_the_one_that_answers_is_taken() throws Exception {
        LinkPort port = port();
        NameLookup lookup = host -> List.of(
                NetUtil.createInetAddressFromIpAddressString("127.0.0.77"),
                NetUtil.createInetAddressFromIpAddressString("::1"),
                NetUtil.createInetAddressFromIpAddressString("127.0.0.1"));
        Connector connector = connector(TlsEngine.preferred(), lookup, name -> null, Instant::now);
        for (int i = 0; i < 5; i++) {
            Echo.get(connector.connect(
                            Endpoint.parse("tls://many.example:" + number(port)), pinned(), StepListener.NONE))
                    .close();
        }
    }

    @Test
    void when_no_address_answers_each_is_named() throws Exception {
        int free = freePort();
        NameLookup lookup = host -> List.of(
                NetUtil.createInetAddressFromIpAddressString("127.0.0.1"),
                NetUtil.createInetAddressFromIpAddressString("127.0.0.2"));
        ConnectFailed failed = failure(
                connector(TlsEngine.preferred(), lookup, name -> null, Instant::now),
                Endpoint.parse("tls://down.example:" + free),
                DIRECT);
        assertThat(failed.step()).isEqualTo("tcp");
        assertThat(failed.retryHelps()).isTrue();
        assertThat(failed)
                .hasMessageContaining("127.0.0.1")
                .hasMessageContaining("127.0.0.2")
                .hasMessageContaining("refused");
    }

    @Test
    void a_peer_that_says_nothing_is_given_up_in_each_step() throws Exception {
        ServerSocket silent = listening();
        ConnectOptions hasty = new ConnectOptions(Trust.SYSTEM, Proxy.NONE, 10_000, 10_000, 100, 100);
        ConnectFailed tls = failure(connector(TlsEngine.preferred()), at("tls", silent), hasty);
        assertThat(tls.step()).isEqualTo("tls");
        assertThat(tls.retryHelps()).isTrue();
        ConnectFailed upgrade = failure(connector(TlsEngine.preferred()), at("ws", silent), hasty);
        assertThat(upgrade.step()).isEqualTo("websocket");
        assertThat(upgrade).hasMessageContaining("within 100 ms");
        assertThat(upgrade.retryHelps()).isTrue();
    }

    @Test
    void a_peer_that_is_something_else_is_told() throws Exception {
        ServerSocket http = answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
        ConnectFailed upgrade = failure(connector(TlsEngine.preferred()), at("ws", http), DIRECT);
        assertThat(upgrade).hasMessageContaining("HTTP 200 OK");
        ServerSocket forbidden = answering("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
        assertThat(failure(connector(TlsEngine.preferred()), at("ws", forbidden), DIRECT)
                        .retryHelps())
                .isFalse();
        ServerSocket ssh = answering("SSH-2.0-OpenSSH_9.2\r\n");
        assertThat(failure(connector(TlsEngine.preferred()), at("tls", ssh), DIRECT)
                        .step())
                .isEqualTo("tls");
        assertThat(failure(connector(TlsEngine.preferred()), at("ws", ssh), DIRECT)
                        .step())
                .isEqualTo("websocket");
    }

    @Test
    void cancelling_closes_what_was_begun() throws Exception {
        ServerSocket silent = listening();
        Future<Channel> connecting =
                connector(TlsEngine.preferred()).connect(at("tls", silent), DIRECT, StepListener.NONE);
        try (Socket accepted = silent.accept()) {
            accepted.setSoTimeout(10_000);
            assertThat(accepted.getInputStream().read())
                    .as("the first byte of ClientHello")
                    .isEqualTo(22);
            connecting.cancel(false);
            assertThat(accepted.getInputStream().readAllBytes()).isNotNull();
        }
    }

    @Test
    void goes_through_an_http_proxy_with_a_password() throws Exception {
        LinkPort port = port();
        FakeProxy proxy = new FakeProxy("Basic bWU6c2VjcmV0");
        open.add(proxy);
        Map<String, String> environment = Map.of("https_proxy", "http://me:secret@127.0.0.1:" + proxy.port());
        Connector connector = connector(TlsEngine.preferred(), NameLookup.SYSTEM, environment::get, Instant::now);
        List<String> steps = new CopyOnWriteArrayList<>();
        ConnectOptions options = pinned().withProxy(Proxy.FROM_ENVIRONMENT);
        Channel channel = Echo.get(connector.connect(
                Endpoint.parse("wss://127.0.0.1:" + number(port)), options, (step, detail, nanos) -> steps.add(step)));
        Echo.Received received = Echo.take(channel);
        Echo.send(channel, Echo.FIRST);
        await().until(() -> received.size() == Echo.FIRST.length);
        assertThat(steps).containsExactly("resolve", "tcp", "proxy", "tls pin", "websocket");
        assertThat(proxy.targets()).containsExactly("127.0.0.1:" + number(port));
        channel.close();
        Echo.get(connector.connect(
                        port.endpoint(), pinned().withProxy(new Proxy.FromEnvironment(true)), StepListener.NONE))
                .close();
        assertThat(proxy.targets()).hasSize(2);
    }

    @Test
    void a_proxy_that_wants_a_password_is_told_and_no_retry_helps() throws Exception {
        FakeProxy proxy = new FakeProxy("Basic bWU6c2VjcmV0");
        open.add(proxy);
        for (String password : new String[] {null, "wrong"}) {
            Proxy.Http without = new Proxy.Http("127.0.0.1", proxy.port(), password == null ? null : "me", password);
            ConnectFailed failed = failure(
                    connector(TlsEngine.preferred()),
                    Endpoint.parse("tls://relay.example:7443"),
                    DIRECT.withProxy(without));
            assertThat(failed.step()).isEqualTo("proxy");
            assertThat(failed.retryHelps()).isFalse();
            assertThat(failed).hasMessageContaining("407").hasMessageContaining("user:password@host:port");
            assertThat(failed.getMessage()).doesNotContain("wrong");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"407 Proxy Authentication Required", "403 Forbidden", "502 Bad Gateway"})
    void a_proxy_that_refuses_without_a_length_and_keeps_the_connection_is_understood(String status) throws Exception {
        ServerSocket proxy = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        open.add(proxy);
        CompletableFuture<Socket> asked =
                CompletableFuture.supplyAsync(() -> answer(proxy, status), task -> new Thread(task).start());
        ConnectFailed failed = failure(
                connector(TlsEngine.preferred()),
                Endpoint.parse("tls://relay.example:7443"),
                DIRECT.withProxy(new Proxy.Http("127.0.0.1", proxy.getLocalPort(), null, null)));
        open.add(asked.get());
        assertThat(failed.step()).isEqualTo("proxy");
        assertThat(failed).hasMessageContaining("it answered " + status.substring(0, 3));
        assertThat(failed.retryHelps()).isEqualTo(status.startsWith("5"));
    }

    /** In two pieces, and no more. */
    private static Socket answer(ServerSocket proxy, String status) {
        try {
            Socket client = proxy.accept();
            client.setTcpNoDelay(true);
            client.getOutputStream().write("HTTP/1.1 ".getBytes(StandardCharsets.US_ASCII));
            client.getOutputStream()
                    .write((status + "\r\nProxy-Authenticate: Basic realm=x\r\n\r\n<html>")
                            .getBytes(StandardCharsets.US_ASCII));
            return client;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void a_proxy_variable_that_cannot_be_used_stops_the_link() throws Exception {
        Connector connector = connector(
                TlsEngine.preferred(), NameLookup.SYSTEM, Map.of("HTTPS_PROXY", "socks5://p:1")::get, Instant::now);
        ConnectFailed failed = failure(connector, Endpoint.parse("wss://relay.example"), ConnectOptions.DEFAULT);
        assertThat(failed.retryHelps()).isFalse();
        assertThat(failed).hasMessageContaining("HTTPS_PROXY: socks5://p:1");
    }

    private LinkPort port() throws InterruptedException {
        return port(CERTIFICATE);
    }

    private LinkPort port(RelayCertificate certificate) throws InterruptedException {
        LinkPort port = Echo.get(LinkPort.bind(
                LOOPS,
                Endpoint.parse("tls://127.0.0.1:0"),
                LinkPortOptions.DEFAULT.withCertificate(certificate),
                echo));
        open.add(port);
        return port;
    }

    private static ConnectOptions pinned() {
        return DIRECT.withTrust(Trust.pinned(RELAY.publicKey()));
    }

    private static Connector connector(TlsEngine engine) {
        return connector(engine, NameLookup.SYSTEM, name -> null, Instant::now);
    }

    private static Connector connector(
            TlsEngine engine,
            NameLookup lookup,
            java.util.function.UnaryOperator<@org.jspecify.annotations.Nullable String> environment,
            InstantSource clock) {
        return new Connector(
                LOOPS, new Connector.Surroundings(engine, lookup, environment, clock, new SplittableRandom(1)));
    }

    private static ConnectFailed failure(Connector connector, Endpoint endpoint, ConnectOptions options)
            throws InterruptedException {
        Throwable failure = Echo.failure(connector.connect(endpoint, options, StepListener.NONE));
        assertThat(failure).isInstanceOf(ConnectFailed.class).hasMessageStartingWith(endpoint + ": ");
        assertThat(failure.getMessage()).contains("expected").doesNotContain("\n");
        return (ConnectFailed) failure;
    }

    private ServerSocket listening() throws IOException {
        ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        open.add(socket);
        return socket;
    }

    /** Answers each connection with the same text, whatever it says, and ends it. */
    private ServerSocket answering(String text) throws IOException {
        ServerSocket socket = listening();
        Thread thread = new Thread(
                () -> {
                    try {
                        while (true) {
                            try (Socket peer = socket.accept()) {
                                peer.getInputStream().read(new byte[4096]);
                                peer.getOutputStream().write(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                                peer.shutdownOutput();
                                peer.getInputStream().readAllBytes();
                            }
                        }
                    } catch (IOException closed) {
                        Thread.currentThread().interrupt();
                    }
                },
                "answering");
        thread.setDaemon(true);
        thread.start();
        return socket;
    }

    private static Endpoint at(String scheme, ServerSocket socket) {
        return Endpoint.parse(scheme + "://127.0.0.1:" + socket.getLocalPort());
    }

    private static String number(LinkPort port) {
        return port.endpoint().toString().replaceFirst(".*:", "");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
