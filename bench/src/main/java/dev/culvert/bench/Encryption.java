package dev.culvert.bench;

import dev.culvert.policy.IdentityKey;
import dev.culvert.policy.RelayCertificate;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** How the bare multiplexer's connections are encrypted: not at all, or TLS 1.3. <em>Immutable.</em> */
final class Encryption {
    /** BoringSSL and Go have no choice of TLS 1.3 ciphers; all three agree on this one where the processor has AES. */
    private static final List<String> CIPHERS = List.of("TLS_AES_128_GCM_SHA256");

    private static final Map<String, SslProvider> PROVIDERS =
            Map.of("boringssl", SslProvider.OPENSSL, "jdk", SslProvider.JDK);

    private final @Nullable SslContext client;
    private final @Nullable SslContext server;

    private Encryption(@Nullable SslContext client, @Nullable SslContext server) {
        this.client = client;
        this.server = server;
    }

    /** By name: {@code none}, {@code boringssl} or {@code jdk}. */
    static Encryption of(String name) {
        if (name.equals("none")) {
            return new Encryption(null, null);
        }
        SslProvider provider = PROVIDERS.get(name);
        if (provider == null) {
            throw new IllegalArgumentException("tls: " + name + " (expected: none, boringssl or jdk)");
        }
        try {
            return new Encryption(clientContext(provider), serverContext(provider));
        } catch (SSLException e) {
            throw new IllegalStateException("tls: " + name + ": " + e.getMessage(), e);
        }
    }

    @Nullable
    SslHandler clientHandler(Channel channel) {
        return client == null ? null : client.newHandler(channel.alloc(), "localhost", 0);
    }

    @Nullable
    SslHandler serverHandler(Channel channel) {
        return server == null ? null : server.newHandler(channel.alloc());
    }

    private static SslContext clientContext(SslProvider provider) throws SSLException {
        return SslContextBuilder.forClient()
                .sslProvider(provider)
                .protocols("TLSv1.3")
                .ciphers(provider == SslProvider.JDK ? CIPHERS : null)
                .endpointIdentificationAlgorithm(null)
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .build();
    }

    private static SslContext serverContext(SslProvider provider) throws SSLException {
        RelayCertificate certificate = RelayCertificate.issue(IdentityKey.generate(), List.of("localhost"));
        return SslContextBuilder.forServer(certificate.key(), certificate.chain())
                .sslProvider(provider)
                .protocols("TLSv1.3")
                .ciphers(provider == SslProvider.JDK ? CIPHERS : null)
                .build();
    }
}
