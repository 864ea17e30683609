package dev.culvert.http2;

import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Connection} as a {@link Socket}: accepted, dialled, or dialled when it is connected, whatever address it is connected to. Any
 * thread. SO_TIMEOUT holds for reads; other options are remembered at most, since the listener set them already.
 */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // a lock that virtual threads can wait for, as everywhere
final class ConnectionSocket extends Socket {
    private final @Nullable LongFunction<Future<Connection>> dialler;
    private final long defaultTimeoutMillis;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Future<Connection> dial;
    private volatile @Nullable SocketBytes bytes;
    private volatile int timeoutMillis;
    private volatile boolean noDelay = true;
    private volatile boolean keepAlive = true;
    private volatile boolean closed;

    /** One that is connected. */
    @SuppressWarnings("NullAway") // no SocketImpl below: every method that would use it is overridden
    ConnectionSocket(Connection connection) throws SocketException {
        super((SocketImpl) null);
        this.dialler = null;
        this.defaultTimeoutMillis = 0;
        this.bytes = new SocketBytes(connection);
    }

    /** One to connect. */
    @SuppressWarnings("NullAway") // as above
    ConnectionSocket(LongFunction<Future<Connection>> dialler, long defaultTimeoutMillis) throws SocketException {
        super((SocketImpl) null);
        this.dialler = dialler;
        this.defaultTimeoutMillis = defaultTimeoutMillis;
    }

    @Override
    public void connect(SocketAddress endpoint) throws IOException {
        connect(endpoint, 0);
    }

    @Override
    public void connect(SocketAddress endpoint, int timeoutMillis) throws IOException {
        Connection dialled = Blocking.await(begin(timeoutMillis));
        lock.lock();
        try {
            if (closed) {
                dialled.close();
                throw new SocketException("Socket closed");
            }
            bytes = new SocketBytes(dialled);
        } finally {
            lock.unlock();
        }
    }

    private Future<Connection> begin(int limitMillis) throws SocketException {
        lock.lock();
        try {
            if (closed) {
                throw new SocketException("Socket closed");
            }
            if (dialler == null || dial != null) {
                throw new SocketException("already connected");
            }
            Future<Connection> begun = dialler.apply(limitMillis > 0 ? limitMillis : defaultTimeoutMillis);
            dial = begun;
            return begun;
        } finally {
            lock.unlock();
        }
    }

    private SocketBytes bytes() throws SocketException {
        SocketBytes connected = bytes;
        if (closed) {
            throw new SocketException("Socket closed");
        }
        if (connected == null) {
            throw new SocketException("Socket is not connected");
        }
        return connected;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new SocketInput(this, bytes());
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return new SocketOutput(this, bytes());
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            if (dial != null) {
                dial.cancel(false);
            }
            if (bytes != null) {
                bytes.close();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void shutdownInput() throws IOException {
        bytes().shutInput();
    }

    @Override
    public void shutdownOutput() throws IOException {
        bytes().shutOutput();
    }

    @Override
    public boolean isInputShutdown() {
        SocketBytes connected = bytes;
        return connected != null && connected.isInputShut();
    }

    @Override
    public boolean isOutputShutdown() {
        SocketBytes connected = bytes;
        return connected != null && connected.isOutputShut();
    }

    @Override
    public boolean isConnected() {
        return bytes != null;
    }

    @Override
    public boolean isBound() {
        return bytes != null;
    }

    @Override
    public boolean isClosed() {
        return closed;
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
    public void setTcpNoDelay(boolean on) {
        noDelay = on;
    }

    @Override
    public boolean getTcpNoDelay() {
        return noDelay;
    }

    @Override
    public void setKeepAlive(boolean on) {
        keepAlive = on;
    }

    @Override
    public boolean getKeepAlive() {
        return keepAlive;
    }

    @Override
    public void setSoLinger(boolean on, int seconds) {
        // what is written has left when the write returns
    }

    @Override
    public int getSoLinger() {
        return -1;
    }

    @Override
    public @Nullable SocketAddress getRemoteSocketAddress() {
        SocketBytes connected = bytes;
        return connected == null ? null : connected.connection().remoteAddress();
    }

    @Override
    public @Nullable SocketAddress getLocalSocketAddress() {
        SocketBytes connected = bytes;
        return connected == null ? null : connected.connection().localAddress();
    }

    @Override
    public @Nullable InetAddress getInetAddress() {
        return getRemoteSocketAddress() instanceof InetSocketAddress inet ? inet.getAddress() : null;
    }

    @Override
    public int getPort() {
        return getRemoteSocketAddress() instanceof InetSocketAddress inet ? inet.getPort() : 0;
    }

    @Override
    public InetAddress getLocalAddress() {
        return getLocalSocketAddress() instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress()
                : InetAddress.getLoopbackAddress();
    }

    @Override
    public int getLocalPort() {
        return getLocalSocketAddress() instanceof InetSocketAddress inet ? inet.getPort() : -1;
    }

    @Override
    public String toString() {
        return isConnected() ? "Socket[" + getRemoteSocketAddress() + "]" : "Socket[unconnected]";
    }
}
