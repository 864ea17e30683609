package dev.culvert.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An ordinary HTTP server on loopback that knows nothing of Culvert: {@code /} answers with the nonce, {@code /open} sends one line and
 * then nothing for as long as it lives. Any thread.
 */
final class DemoService implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads;
    private final CountDownLatch closed;

    private DemoService(HttpServer server, ExecutorService threads, CountDownLatch closed) {
        this.server = server;
        this.threads = threads;
        this.closed = closed;
    }

    static DemoService start(String nonce) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ExecutorService threads = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "culvert-demo-service");
            thread.setDaemon(true);
            return thread;
        });
        CountDownLatch closed = new CountDownLatch(1);
        server.setExecutor(threads);
        server.createContext("/", exchange -> answer(exchange, nonce));
        server.createContext("/open", exchange -> hold(exchange, closed));
        server.start();
        return new DemoService(server, threads, closed);
    }

    int port() {
        return server.getAddress().getPort();
    }

    private static void answer(HttpExchange exchange, String nonce) throws IOException {
        byte[] body = (nonce + "\n").getBytes(StandardCharsets.US_ASCII);
        try (exchange) {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static void hold(HttpExchange exchange, CountDownLatch closed) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("open\n".getBytes(StandardCharsets.US_ASCII));
            exchange.getResponseBody().flush();
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
