package dev.culvert.api.net;

import dev.culvert.api.BindOptions;
import dev.culvert.api.Node;
import dev.culvert.api.Stream;
import dev.culvert.api.StreamListener;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What a {@link CulvertServerSocket} does below the checks that {@link java.net.ServerSocket} makes: offer a service, accept. Any thread. */
final class SocketOverListener extends SocketImpl {
    private final Node node;
    private final SocketSettings settings = new SocketSettings(SocketSettings.OF_SERVERS);
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable StreamListener listener;
    private volatile boolean closed;

    SocketOverListener(Node node) {
        this.node = node;
    }

    @Override
    protected void create(boolean streaming) {
        // There is nothing to make before the service is offered.
    }

    @Override
    protected void bind(InetAddress host, int port) {
        address = host;
        localport = port;
    }

    /** Offers the service: the host's name, or the virtual port if there is none. */
    @Override
    protected void listen(int backlog) throws IOException {
        String service = address.isAnyLocalAddress() ? "" : new InetSocketAddress(address, 0).getHostString();
        BindOptions options = BindOptions.DEFAULT.withBacklog(backlog).withPort(service.isEmpty() ? localport : 0);
        StreamListener offered;
        try {
            offered = node.bind(service, options);
        } catch (IOException | IllegalArgumentException e) {
            throw SocketFailures.bind(e);
        }
        lock.lock();
        try {
            listener = offered;
            if (closed) {
                offered.close();
                throw new SocketException(SocketFailures.CLOSED);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    protected void accept(SocketImpl socket) throws IOException {
        ((SocketOverStream) socket).accepted(next());
    }

    private Stream next() throws IOException {
        StreamListener callers = listener;
        if (callers == null) {
            throw new SocketException("Socket is not bound yet");
        }
        Interrupts interrupts = new Interrupts();
        try {
            while (true) {
                try {
                    return next(callers, settings.timeoutMillis());
                } catch (InterruptedIOException e) {
                    interrupts.interrupted(e);
                }
            }
        } finally {
            interrupts.restore();
        }
    }

    private Stream next(StreamListener callers, int timeoutMillis) throws IOException {
        try {
            Stream next = timeoutMillis == 0 ? callers.accept() : callers.accept(Duration.ofMillis(timeoutMillis));
            if (next == null) {
                throw new SocketTimeoutException("Accept timed out");
            }
            return next;
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            throw SocketFailures.because(e, new SocketException(SocketFailures.CLOSED));
        }
    }

    @Override
    protected void close() {
        lock.lock();
        try {
            closed = true;
            StreamListener callers = listener;
            if (callers != null) {
                callers.close();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void setOption(int number, Object value) throws SocketException {
        settings.set(number, value);
    }

    @Override
    public Object getOption(int number) throws SocketException {
        return settings.get(number);
    }

    @Override
    protected <T> void setOption(SocketOption<T> option, T value) throws IOException {
        settings.set(option, value);
    }

    @Override
    protected <T> T getOption(SocketOption<T> option) throws IOException {
        return settings.get(option);
    }

    @Override
    protected Set<SocketOption<?>> supportedOptions() {
        return settings.supported();
    }

    @Override
    protected void connect(String host, int port) throws IOException {
        throw onlyListens();
    }

    @Override
    protected void connect(InetAddress to, int port) throws IOException {
        throw onlyListens();
    }

    @Override
    protected void connect(SocketAddress to, int timeoutMillis) throws IOException {
        throw onlyListens();
    }

    @Override
    protected InputStream getInputStream() throws IOException {
        throw onlyListens();
    }

    @Override
    protected OutputStream getOutputStream() throws IOException {
        throw onlyListens();
    }

    @Override
    protected int available() throws IOException {
        throw onlyListens();
    }

    @Override
    protected void sendUrgentData(int data) throws IOException {
        throw onlyListens();
    }

    private static SocketException onlyListens() {
        return new SocketException("a server socket only accepts (expected: node.socket)");
    }
}
