package dev.culvert.node;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A company's certificate authority, which writes certificates into folders. */
@SuppressWarnings("JavaUtilDate") // the builder wants it
final class Company {
    private final X500Name name;
    private final KeyPair keys;
    private final X509CertificateHolder root;
    private long serial = 1;

    Company(String name) throws Exception {
        this.name = new X500Name("CN=" + name);
        this.keys = pair();
        X509v3CertificateBuilder builder = builder(this.name, keys);
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
        this.root = builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()));
    }

    private static KeyPair pair() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private X509v3CertificateBuilder builder(X500Name subject, KeyPair of) {
        return new JcaX509v3CertificateBuilder(
                name,
                BigInteger.valueOf(serial++),
                Date.from(Instant.now().minus(Duration.ofHours(1))),
                Date.from(Instant.now().plus(Duration.ofDays(1))),
                subject,
                of.getPublic());
    }

    /** Writes {@code file.pem} and {@code file.key} for 127.0.0.1, and this company's {@code ca.pem}. */
    Path issue(Path folder, String file) throws Exception {
        Files.createDirectories(folder);
        KeyPair own = pair();
        X509v3CertificateBuilder builder = builder(new X500Name("CN=" + file), own);
        builder.addExtension(
                Extension.subjectAlternativeName,
                false,
                new GeneralNames(new GeneralName(GeneralName.iPAddress, "127.0.0.1")));
        Files.writeString(
                folder.resolve(file + ".pem"),
                pem(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))));
        Path key = folder.resolve(file + ".key");
        Files.writeString(key, pem(new JcaPKCS8Generator(own.getPrivate(), null)));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(folder.resolve("ca.pem"), pem(root));
        return folder;
    }

    private static String pem(Object what) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(what);
        }
        return text.toString();
    }
}
