package dev.culvert.node;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.api.DialException;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.Stream;
import dev.culvert.api.StreamResetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Services whose target speaks TLS: the node does too, and callers see plain bytes. */
@Timeout(60)
final class TargetTlsTest {
    private static final String[] ANY = {};

    @TempDir
    private static Path folder;

    private static SSLContext shown;
    private static TargetTrust trusted;

    private final Net net = new Net();
    private CulvertNode edge;
    private CulvertNode caller;

    @BeforeAll
    static void issue() throws Exception {
        new Company("Acme").issue(folder, "web");
        shown = TlsTarget.context(folder, "web");
        trusted = TargetTrust.authorities(folder.resolve("ca.pem"));
    }

    @BeforeEach
    void start() throws IOException {
        net.start(net.relay("relay1"));
        edge = net.start(net.agent("edge7", "relay1"));
        caller = net.start(net.agent("laptop", "relay1"));
        edge.awaitLink(Net.PATIENCE);
        caller.awaitLink(Net.PATIENCE);
    }

    @AfterEach
    void close() {
        net.close();
    }

    private void expose(Target target, TargetTrust trust) throws IOException {
        edge.expose(ExposedService.of("web", target).withOptions(TargetOptions.DEFAULT.withTrust(trust)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void a_caller_and_its_target_exchange_plain_bytes_and_halves_close_by_themselves(String version) throws Exception {
        byte[] sent = new byte[3 << 20];
        new Random(7).nextBytes(sent);
        BlockingQueue<Object> ends = new LinkedBlockingQueue<>();
        try (TlsTarget target = TlsTarget.serve(shown, new String[] {version}, (socket, in, out) -> {
            out.write("220 first\n".getBytes(ISO_8859_1));
            byte[] heard = in.readNBytes(sent.length);
            if (heard.length == 0) {
                return; // the relay's probe
            }
            out.write(heard);
            ends.add(in.read());
            if (version.equals("TLSv1.3")) { // in 1.2 whoever hears the other's end says no more (RFC 5246, 7.2.1)
                out.write("bye".getBytes(ISO_8859_1));
            }
        })) {
            expose(target.secure(), trusted);
            try (Stream stream = caller.dial("web")) {
                assertThat(new String(stream.input().readNBytes(10), ISO_8859_1))
                        .isEqualTo("220 first\n");
                Net.THREADS.execute(() -> write(stream, sent));
                assertThat(stream.input().readNBytes(sent.length)).isEqualTo(sent);
                stream.finish();
                assertThat(new String(stream.input().readAllBytes(), ISO_8859_1))
                        .isEqualTo(version.equals("TLSv1.3") ? "bye" : "");
            }
            assertThat(ends.poll(20, TimeUnit.SECONDS)).isEqualTo(-1);
        }
    }

    private static void write(Stream stream, byte[] bytes) {
        try {
            stream.output().write(bytes);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void what_a_caller_aborts_has_no_end_for_the_target() throws Exception {
        CountDownLatch heard = new CountDownLatch(1);
        BlockingQueue<Object> ends = new LinkedBlockingQueue<>();
        try (TlsTarget target = TlsTarget.serve(shown, ANY, (socket, in, out) -> {
            if (in.read() < 0) {
                return; // the relay's probe
            }
            heard.countDown();
            try {
                ends.add(in.read());
            } catch (IOException e) {
                ends.add(e);
            }
        })) {
            expose(target.secure(), trusted);
            Stream stream = caller.dial("web");
            stream.output().write('a');
            assertThat(heard.await(20, TimeUnit.SECONDS)).isTrue();
            stream.reset(0x123);
            assertThat(ends.poll(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void a_target_that_goes_in_the_middle_resets_the_stream() throws Exception {
        try (TlsTarget target = TlsTarget.serve(null, ANY, (socket, in, out) -> {
            socket.setSoTimeout(20_000);
            TlsTarget.secure(socket, shown).getInputStream().read();
            socket.setSoLinger(true, 0);
            socket.close();
        })) {
            expose(target.secure(), trusted);
            try (Stream stream = caller.dial("web")) {
                stream.output().write('k');
                assertThatThrownBy(() -> stream.input().read())
                        .isInstanceOfSatisfying(
                                StreamResetException.class,
                                reset -> assertThat(reset.code()).isEqualTo(ErrorCode.TARGET_LOST));
            }
        }
    }

    private void isRefused(Target target, TargetOptions options, String... reasons) throws IOException {
        try (var offered = edge.expose(ExposedService.of("web", target).withOptions(options))) {
            assertThatThrownBy(() -> caller.dial(offered.service()))
                    .isInstanceOfSatisfying(
                            DialException.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.TARGET_REFUSED))
                    .hasMessageContaining("target " + target)
                    .hasMessageContainingAll(reasons);
        }
    }

    @Test
    void a_target_that_is_not_what_it_should_be_is_refused_with_the_reason() throws Exception {
        TargetOptions own = TargetOptions.DEFAULT.withTrust(trusted);
        try (TlsTarget target = TlsTarget.serve(shown, ANY, (socket, in, out) -> out.write(7));
                TlsTarget clear = TlsTarget.serve(null, ANY, (socket, in, out) -> {
                    in.read();
                    out.write("HTTP/1.0 400 No\r\n\r\n".getBytes(ISO_8859_1));
                    in.readAllBytes();
                });
                TlsTarget shy = TlsTarget.serve(null, ANY, (socket, in, out) -> in.read())) {
            isRefused(target.secure(), TargetOptions.DEFAULT, "certificate is not trusted", "--target-ca");
            isRefused(
                    new Target.Https(new Target.Tcp("localhost", target.port())),
                    own,
                    "certificate is not trusted",
                    "localhost");
            isRefused(target.secure(), own.withHttp2(true), "HTTP/2");
            isRefused(clear.secure(), own, "speaks none", "without https://");
            isRefused(shy.secure(), own, "TLS", "closed");
            isRefused(Target.parse("https://127.0.0.1:1"), own, "refused");

            expose(new Target.Https(new Target.Tcp("localhost", target.port())), TargetTrust.ANYONE);
            try (Stream stream = caller.dial("web")) {
                assertThat(stream.input().read()).as("whoever it is").isEqualTo(7);
            }
        }
    }

    @Test
    void an_authority_that_cannot_be_read_says_so() throws Exception {
        Path file = Files.writeString(folder.resolve("empty.pem"), "nothing");
        assertThatThrownBy(() -> TargetTrust.authorities(file))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("empty.pem", "expected");
        assertThatThrownBy(() -> TargetTrust.authorities(folder.resolve("none.pem")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("none.pem");
        assertThatThrownBy(() -> edge.enter(Target.parse("https://127.0.0.1:0"), connection -> connection.abort()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot listen on https://127.0.0.1:0");
    }
}
