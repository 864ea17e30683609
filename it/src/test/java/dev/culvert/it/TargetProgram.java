package dev.culvert.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * The plain services that the tests reach through Culvert, as one program on loopback that knows nothing of Culvert. A thread per
 * connection.
 *
 * <ul>
 *   <li>8080: HTTP; {@code /nonce} answers with the program's only argument
 *   <li>2525: speaks first, as SMTP does, then waits for the client to end
 *   <li>7007: echoes
 *   <li>7008: reads to the end, then answers with the SHA-256 of it and ends: only half-close gets an answer
 *   <li>7009: reads a line with a number and a seed, sends that many bytes and ends; at once without a line
 *   <li>7010: sends one byte every 50 ms for ever
 *   <li>{@code digest.sock} in the working directory: as 7008, on a Unix domain socket
 * </ul>
 */
final class TargetProgram {
    static final String BANNER = "220 mail.culvert.test ESMTP ready";

    private TargetProgram() {}

    public static void main(String[] args) throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080), 100);
        ExecutorService threads = Executors.newCachedThreadPool();
        http.setExecutor(threads);
        http.createContext("/nonce", exchange -> answer(exchange, args[0]));
        http.start();
        serve(threads, 2525, TargetProgram::banner);
        serve(threads, 7007, socket -> socket.getInputStream().transferTo(socket.getOutputStream()));
        serve(threads, 7008, socket -> digest(socket.getInputStream(), socket.getOutputStream()));
        serve(threads, 7009, TargetProgram::random);
        serve(threads, 7010, TargetProgram::tick);
        serveDigest(threads, Path.of("digest.sock"));
        System.out.println("targets ready");
    }

    /** The bytes that 7009 sends for {@code seed}. */
    static byte[] randomBytes(int count, long seed) {
        byte[] bytes = new byte[count];
        RandomGenerator random = RandomGeneratorFactory.of("SplittableRandom").create(seed);
        random.nextBytes(bytes);
        return bytes;
    }

    static String sha256(byte[] bytes) {
        MessageDigest digest = newSha256();
        digest.update(bytes);
        return HexFormat.of().formatHex(digest.digest());
    }

    @FunctionalInterface
    private interface Service {
        void serve(Socket socket) throws IOException;
    }

    private static void serve(ExecutorService threads, int port, Service service) throws IOException {
        ServerSocket server = new ServerSocket(port, 1_000, InetAddress.getLoopbackAddress());
        threads.execute(() -> {
            while (true) {
                try {
                    Socket socket = server.accept();
                    threads.execute(() -> serveOne(socket, service));
                } catch (IOException e) {
                    System.err.println("port " + port + ": " + e);
                }
            }
        });
    }

    private static void serveDigest(ExecutorService threads, Path path) throws IOException {
        Files.deleteIfExists(path);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(path));
        threads.execute(() -> {
            while (true) {
                try (SocketChannel channel = server.accept()) {
                    digest(Channels.newInputStream(channel), Channels.newOutputStream(channel));
                } catch (IOException e) {
                    System.err.println(path + ": " + e);
                }
            }
        });
    }

    private static void serveOne(Socket socket, Service service) {
        String end = "";
        try (socket) {
            socket.setTcpNoDelay(true);
            service.serve(socket);
        } catch (IOException e) {
            end = ": " + e.getMessage();
        }
        System.out.println("port " + socket.getLocalPort() + ": connection ended" + end);
    }

    private static void answer(HttpExchange exchange, String body) throws IOException {
        try (exchange) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private static void banner(Socket socket) throws IOException {
        socket.getOutputStream().write((BANNER + "\r\n").getBytes(StandardCharsets.UTF_8));
        socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    private static void digest(InputStream in, OutputStream out) throws IOException {
        MessageDigest digest = newSha256();
        in.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
        String line = HexFormat.of().formatHex(digest.digest()) + "\n";
        out.write(line.getBytes(StandardCharsets.UTF_8));
    }

    private static void random(Socket socket) throws IOException {
        String line = readLine(socket.getInputStream());
        if (line.isEmpty()) {
            return;
        }
        String[] words = line.split(" ");
        socket.getOutputStream().write(randomBytes(Integer.parseInt(words[0]), Long.parseLong(words[1])));
    }

    private static void tick(Socket socket) throws IOException {
        socket.setSoTimeout(50);
        while (true) {
            socket.getOutputStream().write('.');
            if (ended(socket.getInputStream())) {
                return;
            }
        }
    }

    /** Waits for the end of the input for as long as a read may take. */
    private static boolean ended(InputStream in) throws IOException {
        try {
            return in.read() < 0;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        }
    }

    private static String readLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            line.append((char) c);
        }
        return line.toString();
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
