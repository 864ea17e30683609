package dev.culvert.link.transport;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Trust in the certificate authorities of the JDK, read when they are first needed, or in others. <em>Any thread.</em> */
public final class SystemTrust {
    private static volatile @Nullable X509ExtendedTrustManager loaded;

    private SystemTrust() {}

    /** Loading twice at the same time does no harm. */
    public static X509ExtendedTrustManager get() {
        X509ExtendedTrustManager known = loaded;
        if (known == null) {
            known = load();
            loaded = known;
        }
        return known;
    }

    /** Trusts these authorities; none: as {@link #get()}. */
    public static X509ExtendedTrustManager of(List<X509Certificate> authorities) {
        if (authorities.isEmpty()) {
            return get();
        }
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (X509Certificate authority : authorities) {
                store.setCertificateEntry("authority-" + store.size(), authority);
            }
            return manager(store);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("certificate authorities cannot be used: " + e.getMessage(), e);
        }
    }

    private static X509ExtendedTrustManager load() {
        return manager(null);
    }

    private static X509ExtendedTrustManager manager(@Nullable KeyStore store) {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
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
