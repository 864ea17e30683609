package dev.culvert.link.transport;

import dev.culvert.policy.TlsCertificates;
import java.util.Arrays;
import java.util.Base64;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** What makes a dialler trust the other end of TLS. <em>Immutable.</em> */
public sealed interface Trust {
    /** The certificate authorities of the JDK, with the host name checked. */
    Trust SYSTEM = new System();

    /** The certificate authorities of the JDK; the certificate must name the host. */
    record System() implements Trust {}

    /**
     * A chain that ends in this relay's 32-byte identity key, whatever names it has; any other chain is judged as by {@link #SYSTEM}.
     * [LINK-3]
     */
    record Pinned(byte[] identityKey) implements Trust {
        private static final int KEY_BYTES = 32;

        public Pinned {
            if (identityKey.length != KEY_BYTES) {
                throw new IllegalArgumentException("identity key of " + identityKey.length + " bytes (expected: 32)");
            }
            identityKey = identityKey.clone();
        }

        @Override
        public byte[] identityKey() {
            return identityKey.clone();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Pinned that && Arrays.equals(identityKey, that.identityKey);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(identityKey);
        }

        @Override
        public String toString() {
            return "Pinned[" + Base64.getUrlEncoder().withoutPadding().encodeToString(identityKey) + "]";
        }
    }

    /** A trust manager of the embedder, for example for an own certificate authority; the certificate must name the host. */
    record Custom(X509TrustManager manager) implements Trust {}

    /**
     * An operator's certificates: a chain that his authorities have signed (without any: those of the JDK) and that names the host, or one that
     * ends in the relay's key, if that is known. To a relay that asks, his own certificate is shown.
     *
     * @param certificates asked for each connection; must not block
     * @param pin null: the relay's key is not known
     */
    record Own(
            Supplier<TlsCertificates> certificates,
            @Nullable Pinned pin) implements Trust {}

    /** An embedder's own TLS, client certificates included; the JDK's engine; the certificate must name the host. */
    record Context(SSLContext context) implements Trust {}

    /** The same for a relay whose 32-byte identity key is known. */
    static Trust pinning(Trust trust, byte[] identityKey) {
        if (trust instanceof Context) {
            return trust;
        }
        Pinned pin = new Pinned(identityKey);
        return trust instanceof Own own ? new Own(own.certificates(), pin) : pin;
    }

    static Trust pinned(byte[] identityKey) {
        return new Pinned(identityKey);
    }
}
