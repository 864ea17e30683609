package dev.culvert.link.transport;

import dev.culvert.policy.RelayCertificate;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.security.cert.X509Certificate;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The acceptor's side of TLS, with whatever certificate is in force. <em>Any thread.</em> */
final class ServerTls {
    private final TlsEngine engine;
    private final Supplier<RelayCertificate> certificates;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable RelayCertificate current;
    private @Nullable SslContext context;
    private boolean released;

    ServerTls(TlsEngine engine, Supplier<RelayCertificate> certificates) {
        this.engine = engine;
        this.certificates = certificates;
    }

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
        RelayCertificate wanted = certificates.get();
        SslContext known = context;
        if (known != null && wanted.equals(current)) {
            return known;
        }
        SslContext fresh = SslContextBuilder.forServer(
                        wanted.key(), wanted.chain().toArray(X509Certificate[]::new))
                .sslProvider(engine.provider())
                .protocols(TlsEngine.PROTOCOL)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        TlsEngine.ALPN_LINK,
                        TlsEngine.ALPN_HTTP))
                .build();
        ReferenceCountUtil.release(known);
        context = fresh;
        current = wanted;
        return fresh;
    }
}
