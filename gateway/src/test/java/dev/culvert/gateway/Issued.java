package dev.culvert.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.security.KeyStore;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Certificates that tests issue. <em>Stateless.</em> */
final class Issued {
    private Issued() {}

    static CertificateBuilder to(String subject) {
        return new CertificateBuilder()
                .algorithm(CertificateBuilder.Algorithm.ecp256)
                .subject("CN=" + subject);
    }

    static X509Bundle authority(String name) throws Exception {
        return to(name).setIsCertificateAuthority(true).buildSelfSigned();
    }

    static X509Bundle by(X509Bundle issuer, String subject, String... hosts) throws Exception {
        CertificateBuilder builder = to(subject);
        for (String host : hosts) {
            builder.addSanDnsName(host);
        }
        return builder.buildIssuedBy(issuer);
    }

    /** As a gateway takes it. */
    static Certificates.Pem pem(String name, X509Bundle bundle) {
        return new Certificates.Pem(
                name,
                bundle.getCertificatePathPEM().getBytes(US_ASCII),
                bundle.getPrivateKeyPEM().getBytes(US_ASCII));
    }

    /** Of clients that believe one authority. */
    static TrustManager[] trusting(X509Bundle authority) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry("authority", authority.getCertificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        return trust.getTrustManagers();
    }
}
