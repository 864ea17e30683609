package dev.culvert.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.culvert.policy.IdentityKey;
import dev.culvert.policy.RelayCertificate;
import java.io.IOException;
import java.net.Socket;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** A TLS client and a TLS server of the JDK's, each over a socket that is connected already. */
final class TlsOverSockets {
    private static final char[] PASSWORD = "changeit".toCharArray();

    private final SSLContext context;

    TlsOverSockets() throws Exception {
        RelayCertificate issued = RelayCertificate.issue(IdentityKey.generate(), List.of("localhost"));
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry("own", issued.key(), PASSWORD, issued.chain().toArray(new X509Certificate[0]));
        keys.setCertificateEntry("trusted", issued.chain().get(issued.chain().size() - 1));
        KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
        own.init(keys, PASSWORD);
        TrustManagerFactory trusted = TrustManagerFactory.getInstance("PKIX");
        trusted.init(keys);
        context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trusted.getTrustManagers(), new SecureRandom());
    }

    /** Asks, finishes its half, and returns the answer; closes the socket below. */
    String ask(Socket below, String question) throws IOException {
        try (SSLSocket tls =
                (SSLSocket) context.getSocketFactory().createSocket(below, "localhost", below.getPort(), true)) {
            tls.setSoTimeout(20_000);
            tls.startHandshake();
            tls.getOutputStream().write(question.getBytes(UTF_8));
            tls.shutdownOutput();
            return new String(tls.getInputStream().readAllBytes(), UTF_8);
        }
    }

    /** Answers one question in capitals; returns it. */
    String serve(Socket below) throws IOException {
        try (SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(below, null, true)) {
            tls.setUseClientMode(false);
            String question = new String(tls.getInputStream().readAllBytes(), UTF_8);
            tls.getOutputStream().write(question.toUpperCase(Locale.ROOT).getBytes(UTF_8));
            return question;
        }
    }
}
