package dev.culvert.policy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Makes a relay's own chain. <em>Stateless.</em> The leaf is P-256, which every TLS stack knows, BoringSSL's included; only the issuer is
 * Ed25519, and it is checked by {@link PinningTrustManager} and not by the TLS stack.
 */
final class CertificateIssuer {
    /** A leaf lives this long; {@link RelayCertificates} renews it long before. */
    static final Duration LEAF_LIFE = Duration.ofDays(90);

    private static final Duration ISSUER_LIFE = Duration.ofDays(3650);
    private static final int SERIAL_BITS = 127;

    private CertificateIssuer() {}

    static RelayCertificate issue(IdentityKey identity, List<String> hostNames, Instant now) {
        try {
            X500Name issuer = new X500Name("CN=Culvert identity " + Digests.base64(identity.publicKey()));
            PublicKey identityKey = Ed25519.publicKeyOf(identity.publicKey());
            KeyPair leaf = newP256();
            X509Certificate ca = issuer(issuer, identityKey, identity.privateKey(), now.plus(ISSUER_LIFE));
            X509v3CertificateBuilder builder =
                    builder(issuer, now.plus(LEAF_LIFE), new X500Name("CN=Culvert relay"), leaf.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(
                    Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
            builder.addExtension(Extension.subjectAlternativeName, false, names(hostNames));
            return new RelayCertificate(leaf.getPrivate(), List.of(sign(builder, identity.privateKey()), ca));
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException("P-256, Ed25519 and X.509 are in every JDK since 15", e);
        }
    }

    private static X509Certificate issuer(X500Name name, PublicKey publicKey, PrivateKey privateKey, Instant until)
            throws GeneralSecurityException, OperatorCreationException, IOException {
        X509v3CertificateBuilder builder = builder(name, until, name, publicKey);
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
        return sign(builder, privateKey);
    }

    /** Valid since 1970: a device that boots without a clock reaches its relay, and the pin is what protects it. */
    private static X509v3CertificateBuilder builder(X500Name issuer, Instant until, X500Name subject, PublicKey key) {
        return new X509v3CertificateBuilder(
                issuer,
                new BigInteger(SERIAL_BITS, new SecureRandom()).add(BigInteger.ONE),
                Date.from(Instant.EPOCH),
                Date.from(until),
                subject,
                SubjectPublicKeyInfo.getInstance(key.getEncoded()));
    }

    private static GeneralNames names(List<String> hostNames) {
        List<GeneralName> names = new ArrayList<>();
        for (String host : hostNames.isEmpty() ? List.of("localhost") : hostNames) {
            boolean address = host.indexOf(':') >= 0 || host.matches("[0-9.]+");
            names.add(new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, host));
        }
        return new GeneralNames(names.toArray(GeneralName[]::new));
    }

    private static KeyPair newP256() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey signer)
            throws GeneralSecurityException, OperatorCreationException, IOException {
        byte[] der = builder.build(new JcaContentSignerBuilder("Ed25519").build(signer))
                .getEncoded();
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    }
}
