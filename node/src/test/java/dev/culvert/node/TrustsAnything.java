package dev.culvert.node;

import java.security.cert.X509Certificate;
import javax.net.ssl.X509TrustManager;

/** For a test that only looks. */
final class TrustsAnything implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind) {
        // whatever it is
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind) {
        // whatever it is
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
