package dev.culvert.policy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/** Certificates and their keys in PEM files. <em>Stateless.</em> Errors name the file and never its content. */
final class CertificateFile {
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private static final Pattern CERTIFICATE =
            Pattern.compile("-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----");

    private CertificateFile() {}

    static RelayCertificate read(Path certificates, Path key) throws IOException {
        PrivateKey privateKey = key(key);
        List<X509Certificate> chain = chain(certificates);
        if (!belongTogether(privateKey, chain.get(0).getPublicKey())) {
            throw new IOException(key + ": not the key of the first certificate in " + certificates
                    + " (expected: its private key; the leaf stands first)");
        }
        return new RelayCertificate(privateKey, chain);
    }

    /** Key and chain in one file, so that they are replaced together. */
    static String print(RelayCertificate certificate) {
        StringBuilder text = new StringBuilder();
        block(text, "PRIVATE KEY", certificate.key().getEncoded());
        for (X509Certificate each : certificate.chain()) {
            try {
                block(text, "CERTIFICATE", each.getEncoded());
            } catch (CertificateException e) {
                throw new IllegalStateException("a certificate that was parsed has its encoding", e);
            }
        }
        return text.toString();
    }

    static void requireValid(RelayCertificate read, Path certificates, Instant now) throws IOException {
        Instant from = read.leaf().getNotBefore().toInstant();
        Instant until = read.leaf().getNotAfter().toInstant();
        if (now.isBefore(from) || now.isAfter(until)) {
            throw new IOException(certificates + ": valid from " + from + " to " + until + ", and it is " + now
                    + " (expected: within); renew the certificate");
        }
    }

    static List<X509Certificate> chain(Path file) throws IOException {
        try (InputStream in = open(file)) {
            byte[] certificates = certificates(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
            List<X509Certificate> chain =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(certificates))
                            .stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (chain.isEmpty()) {
                throw new IOException(file + ": no certificate (expected: a chain in PEM, leaf first)");
            }
            return chain;
        } catch (CertificateException e) {
            throw new IOException(file + ": not readable as certificates (expected: a chain in PEM, leaf first)", e);
        }
    }

    /** Only the blocks of certificates: the JDK's factory takes no others beside them. */
    private static byte[] certificates(String pem) {
        return CERTIFICATE
                .matcher(pem)
                .results()
                .map(MatchResult::group)
                .collect(Collectors.joining("\n"))
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static PrivateKey key(Path file) throws IOException {
        String expected = " (expected: a private key in PEM, not encrypted)";
        try (InputStream in = open(file);
                PEMParser parser =
                        new PEMParser(new StringReader(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1)))) {
            for (Object next = parser.readObject(); next != null; next = parser.readObject()) {
                if (next instanceof PrivateKeyInfo info) {
                    return new JcaPEMKeyConverter().getPrivateKey(info);
                }
                if (next instanceof PEMKeyPair pair) {
                    return new JcaPEMKeyConverter().getPrivateKey(pair.getPrivateKeyInfo());
                }
            }
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new IOException(file + ": not readable as a private key" + expected, e);
        }
        throw new IOException(file + ": no private key that can be used" + expected);
    }

    private static InputStream open(Path file) throws IOException {
        try {
            return Files.newInputStream(file);
        } catch (NoSuchFileException e) {
            NoSuchFileException named = new NoSuchFileException(file + ": there is no such file (expected: PEM)");
            named.initCause(e);
            throw named;
        }
    }

    static boolean belongTogether(PrivateKey key, PublicKey publicKey) {
        String algorithm = switch (publicKey.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> "Ed25519";
        };
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(publicKey.getEncoded());
            byte[] proof = signature.sign();
            signature.initVerify(publicKey);
            signature.update(publicKey.getEncoded());
            return signature.verify(proof);
        } catch (GeneralSecurityException e) {
            return false; // a key of another kind
        }
    }

    private static void block(StringBuilder text, String name, byte[] der) {
        text.append("-----BEGIN ").append(name).append("-----\n");
        text.append(LINES.encodeToString(der)).append('\n');
        text.append("-----END ").append(name).append("-----\n");
    }
}
