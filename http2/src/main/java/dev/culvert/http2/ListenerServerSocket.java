package dev.culvert.http2;

import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** {@link Incoming} connections as a server socket that is bound already. Any thread. */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // what it changes is volatile
final class ListenerServerSocket extends ServerSocket {
    private final Incoming incoming;
    private final Set<Future<Connection>> accepting = ConcurrentHashMap.newKeySet();
    private volatile int timeoutMillis;
    private volatile boolean closed;

    ListenerServerSocket(Incoming incoming) throws IOException {
        this.incoming = incoming;
    }

    @Override
    public Socket accept() throws IOException {
        Future<Connection> next = incoming.take(timeoutMillis);
        accepting.add(next);
        try {
            if (closed) {
                next.cancel(false);
            }
            return new ConnectionSocket(Blocking.await(next));
        } finally {
            accepting.remove(next);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            accepting.forEach(next -> next.cancel(false));
            incoming.onFaceClosed();
        }
    }

    @Override
    public void bind(SocketAddress endpoint, int backlog) throws SocketException {
        if (closed) {
            throw new SocketException("Socket is closed");
        }
    }

    @Override
    public boolean isBound() {
        return true;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return incoming.address();
    }

    @Override
    public InetAddress getInetAddress() {
        return incoming.address() instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress()
                : InetAddress.getLoopbackAddress();
    }

    @Override
    public int getLocalPort() {
        return incoming.address() instanceof InetSocketAddress inet ? inet.getPort() : 0;
    }

    @Override
    public void setSoTimeout(int millis) {
        if (millis < 0) {
            throw new IllegalArgumentException("timeout: " + millis + " (expected: >= 0)");
        }
        timeoutMillis = millis;
    }

    @Override
    public int getSoTimeout() {
        return timeoutMillis;
    }

    @Override
    public String toString() {
        return "ServerSocket[" + incoming.address() + "]";
    }
}
