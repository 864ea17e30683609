package dev.culvert.node;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.culvert.api.Address;
import dev.culvert.api.Binding;
import dev.culvert.api.DialOptions;
import dev.culvert.api.Stream;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProtocolVersion;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Targets that are told in the PROXY protocol who calls, and read it with Netty's decoder. */
@Timeout(60)
final class TargetProxyProtocolTest {
    private static final int BINARY_BYTES = 16;

    @TempDir
    private Path folder;

    private final Net net = new Net();
    private final BlockingQueue<Told> told = new LinkedBlockingQueue<>();
    private CulvertNode relay;
    private CulvertNode edge;

    /** What a target learns. */
    private record Told(
            HAProxyProtocolVersion version,
            HAProxyCommand command,
            HAProxyProxiedProtocol family,
            String client,
            String door) {}

    @BeforeEach
    void start() throws IOException {
        relay = net.start(net.relay("relay1"));
        edge = net.linked("edge7", "relay1");
    }

    @AfterEach
    void close() {
        net.close();
    }

    /** Reads no byte beyond the header. */
    private void readHeader(InputStream in) throws IOException {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        int first = in.read();
        header.write(first);
        if (first == 'P') {
            while (!header.toString(ISO_8859_1).endsWith("\r\n")) {
                header.write(in.read());
            }
        } else {
            header.write(in.readNBytes(BINARY_BYTES - 1));
            byte[] fixed = header.toByteArray();
            header.write(in.readNBytes((fixed[14] & 0xff) << 8 | fixed[15] & 0xff));
        }
        EmbeddedChannel decoder = new EmbeddedChannel(new HAProxyMessageDecoder());
        decoder.writeInbound(Unpooled.wrappedBuffer(header.toByteArray()));
        HAProxyMessage message = decoder.readInbound();
        told.add(new Told(
                message.protocolVersion(),
                message.command(),
                message.proxiedProtocol(),
                message.sourceAddress() + ":" + message.sourcePort(),
                message.destinationAddress() + ":" + message.destinationPort()));
        message.release();
        decoder.finishAndReleaseAll();
    }

    private TlsTarget echo(SSLContext context) throws IOException {
        return TlsTarget.serve(null, new String[0], (socket, in, out) -> {
            readHeader(in);
            Socket inner = context == null ? socket : TlsTarget.secure(socket, context);
            inner.getInputStream().transferTo(inner.getOutputStream());
        });
    }

    private Binding expose(Target target, ProxyProtocol version, TargetTrust trust) throws IOException {
        TargetOptions options = TargetOptions.DEFAULT.withProxyProtocol(version).withTrust(trust);
        return edge.expose(ExposedService.of("web", target).withPublicPort(0).withOptions(options));
    }

    private Told next() throws InterruptedException {
        return told.poll(20, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @CsvSource({"V1, false", "V2, false", "V2, true"})
    void a_client_of_a_public_port_is_named_ahead_of_its_bytes_and_of_tls(ProxyProtocol version, boolean tls)
            throws Exception {
        SSLContext context = null;
        TargetTrust trust = TargetTrust.SYSTEM;
        if (tls) {
            new Company("Acme").issue(folder, "web");
            context = TlsTarget.context(folder, "web");
            trust = TargetTrust.authorities(folder.resolve("ca.pem"));
        }
        try (TlsTarget target = echo(context);
                Binding web = expose(tls ? target.secure() : target.plain(), version, trust)) {
            HAProxyProtocolVersion form = HAProxyProtocolVersion.valueOf(version.name());
            Told probe = next();
            assertThat(probe.version()).isEqualTo(form);
            assertThat(probe.family()).as("the relay's probe").isEqualTo(HAProxyProxiedProtocol.UNKNOWN);
            try (Socket client = new Socket("127.0.0.1", web.publicPort())) {
                client.getOutputStream().write(7);
                assertThat(client.getInputStream().read()).isEqualTo(7);
                assertThat(next())
                        .isEqualTo(new Told(
                                form,
                                HAProxyCommand.PROXY,
                                HAProxyProxiedProtocol.TCP4,
                                "127.0.0.1:" + client.getLocalPort(),
                                "127.0.0.1:" + web.publicPort()));
            }
        }
    }

    @Test
    void a_caller_with_a_link_is_nobody_whatever_it_says_of_itself() throws Exception {
        CulvertNode caller = net.linked("laptop", "relay1");
        DialOptions forged =
                DialOptions.DEFAULT.withHeaders(Map.of(Source.HEADER, "192.0.2.1:1 192.0.2.2:2", "colour", "blue"));
        try (TlsTarget target = echo(null);
                Binding web = expose(target.plain(), ProxyProtocol.V2, TargetTrust.SYSTEM)) {
            assertThat(next().command()).as("the relay's probe").isEqualTo(HAProxyCommand.LOCAL);
            try (Stream stream = caller.dial(Address.parse(web.service()), forged)) {
                stream.output().write(7);
                assertThat(stream.input().read()).isEqualTo(7);
            }
            assertThat(next().command()).isEqualTo(HAProxyCommand.LOCAL);
            try (Stream stream = relay.dial(Address.parse("web"), forged)) {
                stream.output().write(7);
                assertThat(stream.input().read()).isEqualTo(7);
            }
            assertThat(next()).as("the relay is believed").satisfies(said -> {
                assertThat(said.client()).isEqualTo("192.0.2.1:1");
                assertThat(said.door()).isEqualTo("192.0.2.2:2");
            });
        }
    }

    @Test
    void relays_behind_relays_know_how_to_speak_to_it_and_pass_on_who_calls() throws Exception {
        CulvertNode far = net.start(net.relay("relay2").withLink(net.link(net.endpoint("relay1"), "relay1")));
        BlockingQueue<HttpTerms> terms = new LinkedBlockingQueue<>();
        SocketAddress door = far.enter(new Target.Tcp("127.0.0.1", 0), connection -> {
            terms.add(connection.httpTerms(Address.parse("web")));
            connection.abort();
        });
        try (TlsTarget target = echo(null);
                Binding web = expose(target.plain(), ProxyProtocol.V2, TargetTrust.SYSTEM)) {
            assertThat(next().command()).as("the relay's probe").isEqualTo(HAProxyCommand.LOCAL);
            assertThat(web.service()).isEqualTo("web");
            await().atMost(Net.PATIENCE).untilAsserted(() -> {
                new Socket("127.0.0.1", ((InetSocketAddress) door).getPort()).close();
                assertThat(terms.poll(20, TimeUnit.SECONDS)).isEqualTo(new HttpTerms("", false, false, true));
            });
            SocketAddress entry = far.enter(new LocalEntry(new Target.Tcp("127.0.0.1", 0), Address.parse("edge7.web")));
            try (Socket client = new Socket("127.0.0.1", ((InetSocketAddress) entry).getPort())) {
                client.getOutputStream().write(7);
                assertThat(client.getInputStream().read()).isEqualTo(7);
                assertThat(next().client()).isEqualTo("127.0.0.1:" + client.getLocalPort());
            }
        }
    }
}
