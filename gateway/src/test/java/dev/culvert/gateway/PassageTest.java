package dev.culvert.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.culvert.api.Address;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.PublicTerms;
import dev.culvert.node.ExposedService;
import dev.culvert.node.Publication;
import dev.culvert.node.RawHttp;
import dev.culvert.node.Target;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS that is not ended at the gateway: by the name in its first message it goes to the service as it is. */
@Timeout(60)
final class PassageTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
    private static X509Bundle authority;

    @TempDir
    Path folder;

    private Site site;
    private Certificates certificates;
    private ServerSocket service;
    private final CompletableFuture<byte[]> raw = new CompletableFuture<>();
    private final Queue<IOException> failures = new ConcurrentLinkedQueue<>();
    private int port;

    /** What is done with one connection. */
    private interface Work {
        void with(Socket socket) throws IOException;
    }

    @BeforeAll
    static void make() throws Exception {
        authority = Issued.authority("authority");
    }

    @BeforeEach
    void start() throws Exception {
        site = new Site();
        Files.writeString(folder.resolve("ca.pem"), authority.getCertificatePEM());
        X509Bundle own = Issued.by(authority, "gateway", "web.localhost");
        certificates = Certificates.of(List.of(Issued.pem("own", own)));
        GatewayOptions options = GatewayOptions.DEFAULT.withRules(
                GatewayRules.DEFAULT.withPass("bank.example.com", Address.parse("bank")));
        port = site.enter(site.newGateway(options, this::judge).secure(() -> certificates));
    }

    private Access.Verdict judge(Address address, String credential) {
        Publication publication = site.relay.publication(address);
        return switch (publication.visibility()) {
            case PUBLIC -> new Access.Admitted(address, "", publication.terms());
            case UNKNOWN -> new Access.Refused(ErrorCode.UNKNOWN_SERVICE, "nobody offers it", "");
            default -> new Access.Refused(ErrorCode.UNAUTHENTICATED, "not public", "");
        };
    }

    @AfterEach
    void stop() throws IOException {
        if (service != null) {
            service.close();
        }
        site.close();
    }

    /** A server with TLS and a certificate of its own, that answers each request with ok. */
    private void serveTls(String name, String host, PublicTerms terms) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(Issued.by(authority, name, host).toKeyManagerFactory().getKeyManagers(), null, null);
        service = context.getServerSocketFactory().createServerSocket(0);
        offer(name, terms);
        answering(socket -> {
            RawHttp.readRequest(socket.getInputStream());
            socket.getOutputStream().write(OK.getBytes(US_ASCII));
        });
    }

    /** A server that hears the client's half to its end, whatever it is, and then says this. */
    private void serveRaw(byte[] answer) throws IOException {
        service = new ServerSocket(0);
        offer("secret", PublicTerms.ANYONE.withPassTls(true));
        answering(socket -> {
            byte[] said = socket.getInputStream().readAllBytes();
            if (said.length > 0) { // an agent looks whether its targets are there, and says nothing
                raw.complete(said);
                socket.getOutputStream().write(answer);
            }
        });
    }

    private void answering(Work work) {
        Thread thread = new Thread(
                () -> {
                    while (!service.isClosed()) {
                        try (Socket socket = service.accept()) {
                            work.with(socket);
                        } catch (IOException ended) {
                            failures.add(ended);
                        }
                    }
                },
                "service");
        thread.setDaemon(true);
        thread.start();
    }

    private void offer(String name, PublicTerms terms) throws IOException {
        site.edge.expose(ExposedService.of(name, new Target.Tcp("127.0.0.1", service.getLocalPort()))
                .withPublicTerms(terms));
    }

    private String curl(String host, String... more) throws Exception {
        List<String> arguments =
                new ArrayList<>(List.of("--cacert", folder.resolve("ca.pem").toString()));
        arguments.addAll(List.of("--resolve", host + ":" + port + ":127.0.0.1", "-v", "-w", " %{http_code}\n"));
        arguments.addAll(List.of(more));
        arguments.add("https://" + host + ":" + port + "/");
        return Curl.run(arguments.toArray(String[]::new));
    }

    @Test
    void a_service_that_says_so_shows_its_own_certificate() throws Exception {
        serveTls("secret", "secret.localhost", PublicTerms.ANYONE.withPassTls(true));
        assertThat(curl("secret.localhost")).contains("subject: CN=secret", "ok 200\n");
        AccessRecord record = site.log.poll(20, TimeUnit.SECONDS);
        assertThat(record.toJson())
                .contains("\"protocol\":\"TLS\"", "\"host\":\"secret.localhost\"", "\"service\":\"secret\"")
                .contains("\"status\":200");
        assertThat(record.outcome().bytesIn()).isGreaterThan(300);
        assertThat(record.outcome().bytesOut()).isGreaterThan(500);
        site.answer("web", OK);
        assertThat(curl("web.localhost"))
                .as("the gateway's own, for all others")
                .contains("subject: CN=gateway", " 401\n");
        assertThat(curl("web.localhost", "-H", "culvert-target: secret")).contains("ends its TLS itself", " 421\n");
    }

    @Test
    void a_host_that_the_relay_names_goes_to_its_service_if_that_is_public() throws Exception {
        serveTls("bank", "bank.example.com", PublicTerms.ANYONE);
        assertThat(curl("bank.example.com")).contains("subject: CN=bank", "ok 200\n");
    }

    @Test
    void who_may_not_come_or_finds_nobody_is_told_in_the_words_of_tls() throws Exception {
        assertThat(curl("bank.example.com")).as("nobody offers it").contains("unrecognized name", " 000\n");
        assertThat(site.log.poll(20, TimeUnit.SECONDS).status()).isEqualTo(404);
        serveTls("bank", "bank.example.com", new PublicTerms(true, List.of("10.0.0.0/8"), List.of(), true));
        assertThat(curl("bank.example.com")).contains("access denied", " 000\n");
        assertThat(site.log.poll(20, TimeUnit.SECONDS).toJson())
                .contains("\"status\":403", "takes no calls from 127.0.0.1");
    }

    @Test
    void every_byte_passes_unchanged_from_a_hello_in_pieces_to_the_end_of_each_half() throws Exception {
        byte[] more = new byte[3_000_000];
        new Random(7).nextBytes(more);
        serveRaw(more);
        byte[] hello = inTwoRecords(hello("secret.localhost"));
        try (Socket socket = RawHttp.connect(port)) {
            socket.setTcpNoDelay(true);
            OutputStream out = socket.getOutputStream();
            for (byte piece : hello) {
                out.write(piece); // a segment each
            }
            out.write(more);
            socket.shutdownOutput();
            assertThat(socket.getInputStream().readAllBytes()).isEqualTo(more);
        }
        byte[] sent = Arrays.copyOf(hello, hello.length + more.length);
        System.arraycopy(more, 0, sent, hello.length, more.length);
        assertThat(Arrays.mismatch(raw.get(20, TimeUnit.SECONDS), sent))
                .as("%s", failures)
                .isEqualTo(-1);
    }

    @Test
    void who_says_nothing_or_too_much_of_a_hello_is_cut() throws Exception {
        GatewayTimes hasty = GatewayTimes.DEFAULT.withHead(Duration.ofMillis(200));
        Gateway gateway = site.newGateway(GatewayOptions.DEFAULT.withTimes(hasty), this::judge);
        int hastyPort = site.enter(gateway.secure(() -> {
            throw new IllegalStateException("nobody said hello");
        }));
        try (Socket silent = RawHttp.connect(hastyPort);
                Socket halfway = RawHttp.connect(hastyPort)) {
            halfway.getOutputStream().write(hello("secret.localhost"), 0, 100);
            assertThat(silent.getInputStream().readAllBytes()).isEmpty();
            assertThat(halfway.getInputStream().readAllBytes()).isEmpty();
        }
        try (Socket large = RawHttp.connect(port)) {
            byte[] full = new byte[5 + 16 * 1024];
            System.arraycopy(new byte[] {22, 3, 1, 64, 0, 1, 1, 0, 0}, 0, full, 0, 9); // of a hello of 64 KiB
            large.getOutputStream().write(full);
            assertThat(large.getInputStream().readAllBytes()).hasSizeLessThan(8);
        }
    }

    @Test
    void a_connection_that_is_silent_both_ways_is_closed_at_both_ends() throws Exception {
        serveRaw(new byte[0]);
        GatewayTimes hasty = GatewayTimes.DEFAULT.withPassage(Duration.ofMillis(200));
        Gateway gateway = site.newGateway(GatewayOptions.DEFAULT.withTimes(hasty), this::judge);
        int hastyPort = site.enter(gateway.secure(() -> certificates));
        byte[] hello = hello("secret.localhost");
        try (Socket socket = RawHttp.connect(hastyPort)) {
            socket.getOutputStream().write(hello);
            assertThat(socket.getInputStream().read()).isNegative();
            await().atMost(Site.PATIENCE).until(() -> raw.isDone() || !failures.isEmpty()); // an end or a reset
        }
        AccessRecord record = site.log.poll(20, TimeUnit.SECONDS);
        assertThat(record.toJson()).contains("\"status\":200", "no byte either way");
        assertThat(record.outcome().bytesIn()).isEqualTo(hello.length);
    }

    @Test
    void silence_is_over_with_every_byte() {
        Silence silence = new Silence();
        long bytes = 0;
        for (int i = 0; i < 100; i++) {
            assertThat(silence.isLongEnough(i % Silence.LOOKS == 0 ? ++bytes : bytes))
                    .isFalse();
        }
        assertThat(silence.isLongEnough(bytes)).isTrue();
    }

    @Test
    void a_hello_whose_name_is_encrypted_goes_by_its_outer_name_as_it_is() throws Exception {
        serveRaw(new byte[0]);
        byte[] hello = withEncryptedHello(hello("secret.localhost"));
        try (Socket socket = RawHttp.connect(port)) {
            socket.getOutputStream().write(hello);
            socket.shutdownOutput();
            assertThat(raw.get(20, TimeUnit.SECONDS)).isEqualTo(hello);
        }
        byte[] nowhere = withEncryptedHello(hello("bank.example.com"));
        try (Socket socket = RawHttp.connect(port)) {
            socket.getOutputStream().write(nowhere);
            assertThat(socket.getInputStream().readAllBytes())
                    .as("unrecognized_name: nobody offers what the outer name leads to")
                    .containsExactly(21, 3, 3, 0, 2, 2, 112);
        }
    }

    /** With the extension of RFC 9849 for an outer hello: an AEAD, an id, an encapsulated key, and what would hold the inner hello. */
    private static byte[] withEncryptedHello(byte[] hello) {
        byte[] payload = new byte[208];
        new Random(11).nextBytes(payload);
        ByteBuffer extension = ByteBuffer.allocate(4 + 1 + 4 + 1 + 2 + 32 + 2 + payload.length);
        extension.putShort((short) 0xfe0d).putShort((short) (extension.capacity() - 4));
        extension.put((byte) 0).putShort((short) 1).putShort((short) 1).put((byte) 7);
        extension.putShort((short) 32).put(new byte[32]);
        extension.putShort((short) payload.length).put(payload);
        ByteBuffer more = ByteBuffer.allocate(hello.length + extension.capacity());
        more.put(hello).put(extension.array());
        int added = extension.capacity();
        more.putShort(3, (short) (more.getShort(3) + added)); // of the record
        more.putShort(7, (short) (more.getShort(7) + added)); // of the message, whose length has three bytes
        int at = 5 + 4 + 2 + 32;
        at += 1 + more.get(at); // session
        at += 2 + more.getShort(at); // ciphers
        at += 1 + more.get(at); // compression
        more.putShort(at, (short) (more.getShort(at) + added)); // of the extensions
        return more.array();
    }

    /** As the JDK's client says it. */
    private static byte[] hello(String host) throws Exception {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine(host, 443);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(host)));
        engine.setSSLParameters(parameters);
        ByteBuffer message = ByteBuffer.allocate(32_768);
        engine.wrap(ByteBuffer.allocate(0), message);
        return Arrays.copyOf(message.array(), message.position());
    }

    /** The same message in two records of TLS. */
    private static byte[] inTwoRecords(byte[] hello) {
        int first = 40;
        int rest = hello.length - 5 - first;
        ByteBuffer cut = ByteBuffer.allocate(hello.length + 5);
        cut.put(hello, 0, 3).putShort((short) first).put(hello, 5, first);
        cut.put(hello, 0, 3).putShort((short) rest).put(hello, 5 + first, rest);
        return cut.array();
    }
}
