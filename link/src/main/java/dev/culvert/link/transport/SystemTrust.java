package dev.culvert.link.transport;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Arrays;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** The certificate authorities of the JDK, read when they are first needed. <em>Any thread.</em> */
final class SystemTrust {
    private static volatile @Nullable X509ExtendedTrustManager loaded;

    private SystemTrust() {}

    /** Loading twice at the same time does no harm. */
    static X509ExtendedTrustManager get() {
        X509ExtendedTrustManager known = loaded;
        if (known == null) {
            known = load();
            loaded = known;
        }
        return known;
    }

    private static X509ExtendedTrustManager load() {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            return Arrays.stream(factory.getTrustManagers())
                    .filter(X509ExtendedTrustManager.class::isInstance)
                    .map(X509ExtendedTrustManager.class::cast)
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("this JDK has no X.509 trust manager"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK's certificate authorities cannot be read: " + e.getMessage(), e);
        }
    }
}
