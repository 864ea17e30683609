package dev.culvert.node;

import dev.culvert.link.transport.SystemTrust;
import dev.culvert.policy.CertificateFolder;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Whom a node takes a target for that speaks TLS. <em>Immutable.</em>
 *
 * @param authorities whose certificates count; none: those of the JDK
 * @param checked false: any certificate will do, of whomever
 */
public record TargetTrust(List<X509Certificate> authorities, boolean checked) {
    /** A certificate for the target's host by an authority that the JDK knows. */
    public static final TargetTrust SYSTEM = new TargetTrust(List.of(), true);

    /** Whoever answers: who is between this node and the target can read and change everything. */
    public static final TargetTrust ANYONE = new TargetTrust(List.of(), false);

    public TargetTrust {
        authorities = List.copyOf(authorities);
    }

    /**
     * A certificate for the target's host by an authority of one's own, or that very certificate.
     *
     * @param file certificates in PEM, read now
     * @throws IOException one line: the file, what is wrong with it, the expectation
     */
    public static TargetTrust authorities(Path file) throws IOException {
        return new TargetTrust(CertificateFolder.certificates(file), true);
    }

    X509ExtendedTrustManager manager() {
        return checked ? SystemTrust.of(authorities) : new Anyone();
    }

    /** The same for who asks the target beside the node, as a check does. */
    public SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {manager()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no TLS: " + e.getMessage(), e);
        }
    }

    /** Asks for nothing, not even for the name. */
    private static final class Anyone extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
