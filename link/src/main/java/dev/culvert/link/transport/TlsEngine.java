package dev.culvert.link.transport;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;

/** Who does the work of TLS. <em>Immutable.</em> */
enum TlsEngine {
    /** Several times faster in bulk; its native library exists for the common platforms. */
    BORINGSSL(SslProvider.OPENSSL_REFCNT),
    JDK(SslProvider.JDK);

    /** No older version is spoken: there is nothing to downgrade to. [LINK-3] */
    static final String PROTOCOL = "TLSv1.3";

    /** A link. */
    static final String ALPN_LINK = "culvert/1";

    /** A WebSocket upgrade. */
    static final String ALPN_HTTP = "http/1.1";

    private final SslProvider provider;

    TlsEngine(SslProvider provider) {
        this.provider = provider;
    }

    static TlsEngine preferred() {
        return OpenSsl.isAvailable() && SslProvider.isTlsv13Supported(SslProvider.OPENSSL_REFCNT) ? BORINGSSL : JDK;
    }

    SslProvider provider() {
        return provider;
    }
}
