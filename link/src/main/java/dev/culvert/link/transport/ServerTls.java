package dev.culvert.link.transport;

import dev.culvert.policy.RelayCertificate;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The acceptor's side of TLS, with whatever certificate is in force. <em>Any thread.</em> */
final class ServerTls {
    private final TlsEngine engine;
    private final LinkPortOptions options;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Terms current;
    private @Nullable SslContext context;
    private boolean released;

    private ServerTls(TlsEngine engine, LinkPortOptions options) {
        this.engine = engine;
        this.options = options;
    }

    /** Null: the port takes no TLS. */
    static @Nullable ServerTls of(TlsEngine engine, LinkPortOptions options) {
        return options.certificate() == null && options.context() == null ? null : new ServerTls(engine, options);
    }

    /**
     * What a context is made of.
     *
     * @param own null: an embedder's context says
     * @param clients whose certificates are demanded; null: none are
     */
    private record Terms(
            @Nullable RelayCertificate own, @Nullable List<X509Certificate> clients) {}

    /** @throws SSLException the certificate cannot be used; at the start of a port this stops the start */
    SslHandler handler(ByteBufAllocator allocator) throws SSLException {
        lock.lock();
        try {
            if (released) {
                throw new SSLException("the port is closed");
            }
            return contextInForce().newHandler(allocator);
        } finally {
            lock.unlock();
        }
    }

    /** Gives the native memory back; connections that are up keep theirs. */
    void release() {
        lock.lock();
        try {
            ReferenceCountUtil.release(context);
            context = null;
            released = true;
        } finally {
            lock.unlock();
        }
    }

    private SslContext contextInForce() throws SSLException {
        Supplier<RelayCertificate> certificate = options.certificate();
        Supplier<List<X509Certificate>> clients = options.clientAuthorities();
        Terms wanted = new Terms(
                certificate == null ? null : certificate.get(), clients == null ? null : List.copyOf(clients.get()));
        SslContext known = context;
        if (known != null && wanted.equals(current)) {
            return known;
        }
        SslContext fresh = fresh(wanted);
        ReferenceCountUtil.release(known);
        context = fresh;
        current = wanted;
        return fresh;
    }

    private SslContext fresh(Terms terms) throws SSLException {
        ApplicationProtocolConfig protocols = new ApplicationProtocolConfig(
                Protocol.ALPN,
                SelectorFailureBehavior.NO_ADVERTISE,
                SelectedListenerFailureBehavior.ACCEPT,
                TlsEngine.ALPN_LINK,
                TlsEngine.ALPN_HTTP);
        ClientAuth clientAuth = terms.clients() == null ? ClientAuth.NONE : ClientAuth.REQUIRE;
        RelayCertificate own = terms.own();
        SSLContext embedders = options.context();
        if (own == null) {
            if (embedders == null) {
                throw new SSLException("no certificate (expected: one)");
            }
            return new JdkSslContext(
                    embedders,
                    false,
                    null,
                    IdentityCipherSuiteFilter.INSTANCE,
                    protocols,
                    clientAuth,
                    new String[] {TlsEngine.PROTOCOL},
                    false);
        }
        SslContextBuilder builder = SslContextBuilder.forServer(
                        own.key(), own.chain().toArray(X509Certificate[]::new))
                .sslProvider(engine.provider())
                .protocols(TlsEngine.PROTOCOL)
                .clientAuth(clientAuth)
                .applicationProtocolConfig(protocols);
        if (terms.clients() != null) {
            builder.trustManager(SystemTrust.of(terms.clients()));
        }
        return builder.build();
    }
}
