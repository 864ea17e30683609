package dev.culvert.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stretch of network between an agent and its relay, as a proxy on loopback, which can be cut as a real one is: from then on bytes
 * vanish in both directions, and no FIN or RST tells anybody. Any thread; two threads for each connection.
 */
final class Cable implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Cable.class);
    private static final int CHUNK = 1 << 16;

    private final InetSocketAddress relay;
    private final ServerSocket server;
    private final Queue<Wire> wires = new ConcurrentLinkedQueue<>();
    private volatile boolean cut;

    private Cable(InetSocketAddress relay, ServerSocket server) {
        this.relay = relay;
        this.server = server;
    }

    static Cable to(InetSocketAddress relay) throws IOException {
        Cable cable = new Cable(relay, new ServerSocket(0, 128, InetAddress.getLoopbackAddress()));
        start("cable", cable::accept);
        return cable;
    }

    int port() {
        return server.getLocalPort();
    }

    /** What is connected now is lost for good, and what connects until {@link #mend} gets no answer. */
    void cut() {
        cut = true;
        wires.forEach(Wire::cut);
    }

    void mend() {
        cut = false;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                connect(server.accept());
            } catch (IOException e) {
                LOG.debug("cable: {}", e.toString());
            }
        }
    }

    private void connect(Socket near) throws IOException {
        Wire wire = new Wire(near, new Socket(relay.getAddress(), relay.getPort()), new AtomicBoolean(cut));
        wires.add(wire);
        start("cable-up", () -> wire.carry(wire.near, wire.far));
        start("cable-down", () -> wire.carry(wire.far, wire.near));
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, "culvert-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Wire wire : wires) {
            wire.near.close();
            wire.far.close();
        }
    }

    /** One connection through the cable. */
    private record Wire(Socket near, Socket far, AtomicBoolean dead) {
        void cut() {
            dead.set(true);
        }

        void carry(Socket from, Socket to) {
            byte[] chunk = new byte[CHUNK];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                    if (!dead.get()) {
                        out.write(chunk, 0, n);
                    }
                }
                if (!dead.get()) {
                    to.shutdownOutput();
                }
            } catch (IOException e) {
                LOG.debug("cable: {}", e.toString());
            }
        }
    }
}
