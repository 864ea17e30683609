package dev.culvert.it;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An HTTP proxy that knows CONNECT and wants a password: {@code PORT USER:PASSWORD}. Says what it let through. A thread per direction.
 */
final class ProxyProgram {
    private static final ExecutorService THREADS = Executors.newCachedThreadPool();

    private ProxyProgram() {}

    public static void main(String[] args) throws IOException {
        String expected = "Basic " + Base64.getEncoder().encodeToString(args[1].getBytes(StandardCharsets.UTF_8));
        try (ServerSocket server = new ServerSocket(Integer.parseInt(args[0]), 100, InetAddress.getByName("::"))) {
            System.out.println("proxy ready");
            while (true) {
                Socket client = server.accept();
                THREADS.execute(() -> serve(client, expected));
            }
        }
    }

    private static void serve(Socket client, String expected) {
        try (client) {
            String[] head = readHead(client.getInputStream()).split("\r\n");
            String[] request = head[0].split(" ");
            if (!request[0].equals("CONNECT")) {
                answer(client, "405 Method Not Allowed");
            } else if (!authorized(head, expected)) {
                System.out.println("unauthorized " + request[1]);
                answer(
                        client,
                        "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"lab\"\r\nContent-Length: 0");
            } else {
                tunnel(client, request[1]);
            }
        } catch (IOException e) {
            System.out.println("connection ended: " + e.getMessage());
        }
    }

    private static boolean authorized(String[] head, String expected) {
        for (String line : head) {
            int colon = line.indexOf(':');
            if (colon > 0 && line.substring(0, colon).equalsIgnoreCase("Proxy-Authorization")) {
                return line.substring(colon + 1).strip().equals(expected);
            }
        }
        return false;
    }

    private static void tunnel(Socket client, String target) throws IOException {
        int colon = target.lastIndexOf(':');
        String host = target.substring(0, colon);
        try (Socket server = new Socket()) {
            server.connect(new InetSocketAddress(host, Integer.parseInt(target.substring(colon + 1))), 5_000);
            System.out.println("connected " + target);
            answer(client, "200 Connection established");
            THREADS.execute(() -> copy(server, client));
            copy(client, server);
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            System.out.println("tunnel ended: " + e.getMessage());
        }
    }

    private static void answer(Socket client, String status) throws IOException {
        client.getOutputStream().write(("HTTP/1.1 " + status + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    private static String readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int c = in.read();
            if (c < 0) {
                throw new IOException("the request ended within its head");
            }
            head.append((char) c);
        }
        return head.toString();
    }
}
