package dev.culvert.link.transport;

import dev.culvert.policy.RelayCertificate;
import dev.culvert.policy.TlsCertificates;
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
import java.time.InstantSource;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;

/** The dialler's side of TLS. <em>Immutable.</em> */
final class ClientTls {
    private final TlsEngine engine;
    private final InstantSource clock;

    ClientTls(TlsEngine engine, InstantSource clock) {
        this.engine = engine;
        this.clock = clock;
    }

    /** Always with host and port, so that the name can be checked where the trust asks for it. */
    SslHandler handler(ByteBufAllocator allocator, Trust trust, String host, int port, String alpn)
            throws SSLException {
        SslContext context = context(trust, alpn);
        try {
            SslHandler handler = context.newHandler(allocator, host, port);
            SSLParameters parameters = handler.engine().getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            handler.engine().setSSLParameters(parameters);
            return handler;
        } finally {
            ReferenceCountUtil.release(context); // the engine holds it as long as it lives
        }
    }

    private SslContext context(Trust trust, String alpn) throws SSLException {
        ApplicationProtocolConfig protocols = new ApplicationProtocolConfig(
                Protocol.ALPN, SelectorFailureBehavior.NO_ADVERTISE, SelectedListenerFailureBehavior.ACCEPT, alpn);
        if (trust instanceof Trust.Context own) {
            return new JdkSslContext(
                    own.context(),
                    true,
                    null,
                    IdentityCipherSuiteFilter.INSTANCE,
                    protocols,
                    ClientAuth.NONE,
                    new String[] {TlsEngine.PROTOCOL},
                    false);
        }
        SslContextBuilder builder = SslContextBuilder.forClient()
                .sslProvider(engine.provider())
                .protocols(TlsEngine.PROTOCOL)
                .applicationProtocolConfig(protocols);
        if (!(trust instanceof Trust.Own own)) {
            return builder.trustManager(manager(trust)).build();
        }
        TlsCertificates certificates = own.certificates().get();
        RelayCertificate shown = certificates.own();
        if (shown != null) {
            builder.keyManager(shown.key(), shown.chain().toArray(X509Certificate[]::new));
        }
        return builder.trustManager(manager(own, certificates.authorities())).build();
    }

    private TrustManager manager(Trust.Own own, List<X509Certificate> authorities) {
        Trust.Pinned pin = own.pin();
        return pin == null
                ? SystemTrust.of(authorities)
                : RelayCertificate.trusting(pin.identityKey(), () -> SystemTrust.of(authorities), clock);
    }

    private TrustManager manager(Trust trust) {
        if (trust instanceof Trust.Pinned pinned) {
            return RelayCertificate.trusting(pinned.identityKey(), SystemTrust::get, clock);
        }
        return trust instanceof Trust.Custom custom ? custom.manager() : SystemTrust.get();
    }
}
