package dev.culvert.node;

import dev.culvert.policy.CertificateFolder;
import dev.culvert.policy.RelayCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Objects;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A program with sockets of the JDK that callers are led to, with TLS or without. Belongs to one test. */
final class TlsTarget implements AutoCloseable {
    private final ServerSocket server;

    /** What it does with one connection, on a thread of its own. */
    interface Talk {
        void with(Socket socket, InputStream in, OutputStream out) throws Exception;
    }

    private TlsTarget(ServerSocket server) {
        this.server = server;
    }

    /** @param context null: no TLS */
    static TlsTarget serve(SSLContext context, String[] protocols, Talk talk) throws IOException {
        TlsTarget target = new TlsTarget(new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1")));
        Net.THREADS.execute(() -> target.accept(context, protocols, talk));
        return target;
    }

    private void accept(SSLContext context, String[] protocols, Talk talk) {
        try {
            while (true) {
                Socket socket = server.accept();
                Net.THREADS.execute(() -> talk(socket, context, protocols, talk));
            }
        } catch (IOException e) {
            return; // closed
        }
    }

    private void talk(Socket socket, SSLContext context, String[] protocols, Talk talk) {
        try (Socket own = context == null ? socket : secure(socket, context, protocols)) {
            talk.with(own, own.getInputStream(), own.getOutputStream());
        } catch (Exception e) {
            return; // the other end's doing, which is what its test looks at
        }
    }

    /** The server's end of TLS over a socket that is connected. */
    static SSLSocket secure(Socket socket, SSLContext context, String... protocols) throws IOException {
        SSLSocket secure = (SSLSocket) context.getSocketFactory()
                .createSocket(socket, socket.getInetAddress().getHostAddress(), socket.getPort(), true);
        secure.setUseClientMode(false);
        if (protocols.length > 0) {
            secure.setEnabledProtocols(protocols);
        }
        secure.startHandshake();
        return secure;
    }

    /** With the certificate {@code name} of a folder. */
    static SSLContext context(Path folder, String name) throws Exception {
        RelayCertificate shown =
                Objects.requireNonNull(CertificateFolder.open(folder, name, InstantSource.system(), Runnable::run)
                        .get()
                        .own());
        KeyStore own = KeyStore.getInstance(KeyStore.getDefaultType());
        own.load(null, null);
        own.setKeyEntry("own", shown.key(), new char[0], shown.chain().toArray(X509Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    int port() {
        return server.getLocalPort();
    }

    Target.Tcp plain() {
        return new Target.Tcp("127.0.0.1", port());
    }

    Target.Https secure() {
        return new Target.Https(plain());
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
