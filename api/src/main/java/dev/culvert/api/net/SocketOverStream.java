package dev.culvert.api.net;

import dev.culvert.api.Address;
import dev.culvert.api.DialOptions;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.Node;
import dev.culvert.api.Stream;
import dev.culvert.api.StreamClosedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a {@link CulvertSocket} does below the checks that {@link java.net.Socket} makes: dial, read, write, close. Any thread. */
final class SocketOverStream extends SocketImpl {
    private static final Pattern IP_ADDRESS = Pattern.compile("[0-9]+(\\.[0-9]+){3}");

    private final Node node;
    private final DialOptions options;
    private final @Nullable Address preset;
    private final SocketSettings settings = new SocketSettings(SocketSettings.OF_SOCKETS);
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable CompletableFuture<Stream> dialling;
    private volatile @Nullable Stream stream;
    private volatile boolean inputShut;
    private volatile boolean closed;

    /** @param preset what is dialled, whatever name a connect gives; null: the name */
    SocketOverStream(Node node, DialOptions options, @Nullable Address preset) {
        this.node = node;
        this.options = options;
        this.preset = preset;
    }

    @Override
    protected void create(boolean streaming) {
        // There is nothing to make before a connect.
    }

    @Override
    protected void connect(String host, int toPort) throws IOException {
        connect(InetSocketAddress.createUnresolved(host, toPort), 0);
    }

    @Override
    protected void connect(InetAddress to, int toPort) throws IOException {
        connect(new InetSocketAddress(to, toPort), 0);
    }

    @Override
    protected void connect(SocketAddress endpoint, int timeoutMillis) throws IOException {
        InetSocketAddress place = NamedAddress.of((InetSocketAddress) endpoint);
        try {
            Address wanted = preset == null ? wanted(place.getHostString()) : preset;
            address = place.getAddress();
            port = place.getPort();
            open(dial(wanted, timeoutMillis));
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private static Address wanted(String host) throws UnknownHostException {
        if (IP_ADDRESS.matcher(host).matches()) {
            throw new UnknownHostException(host + ": an IP address (expected: the name of a service, as edge7.web)");
        }
        try {
            return Address.parse(host.toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            UnknownHostException unknown = new UnknownHostException(e.getMessage());
            unknown.initCause(e);
            throw unknown;
        }
    }

    private Stream dial(Address wanted, int timeoutMillis) throws IOException {
        CompletableFuture<Stream> dial = begin(wanted);
        // A copy with the time, so that interrupts do not make it longer.
        CompletableFuture<Stream> inTime =
                timeoutMillis == 0 ? dial : dial.copy().orTimeout(timeoutMillis, TimeUnit.MILLISECONDS);
        try {
            return await(inTime);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof TimeoutException) {
                throw new SocketTimeoutException(
                        "Connect timed out: no answer from '" + wanted + "' within " + timeoutMillis + " ms");
            }
            throw cause instanceof CancellationException ? closedNow() : SocketFailures.connect(cause);
        } catch (CancellationException e) {
            throw closedNow();
        } finally {
            dial.cancel(false);
        }
    }

    private CompletableFuture<Stream> begin(Address wanted) throws IOException {
        lock.lock();
        try {
            if (closed) {
                throw closedNow();
            }
            CompletableFuture<Stream> dial = node.dialAsync(wanted, options).toCompletableFuture();
            dialling = dial;
            return dial;
        } finally {
            lock.unlock();
        }
    }

    private Stream await(CompletableFuture<Stream> dial) throws ExecutionException, IOException {
        Interrupts interrupts = new Interrupts();
        try {
            while (true) {
                try {
                    return dial.get();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    interrupts.interrupted(new InterruptedIOException());
                }
            }
        } catch (InterruptedIOException e) {
            throw new SocketException("Closed by interrupt");
        } finally {
            interrupts.restore();
        }
    }

    /** The socket has its stream. */
    void open(Stream opened) throws IOException {
        lock.lock();
        try {
            if (closed) {
                opened.reset(ErrorCode.CANCELLED.number());
                throw closedNow();
            }
            opened.readTimeout(Duration.ofMillis(settings.timeoutMillis()));
            stream = opened;
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #open}, for a caller who is called by its principal. */
    void accepted(Stream opened) throws IOException {
        String principal = opened.principal();
        address = NamedAddress.of(principal.isEmpty() ? "anonymous" : principal);
        open(opened);
    }

    /**
     * The stream below.
     *
     * @throws SocketException if there is none yet, or the socket is closed
     */
    Stream stream() throws SocketException {
        Stream opened = stream;
        if (closed || opened == null) {
            throw closed ? closedNow() : new SocketException("Socket is not connected");
        }
        return opened;
    }

    private static SocketException closedNow() {
        return new SocketException(SocketFailures.CLOSED);
    }

    int read(byte[] bytes, int offset, int length) throws IOException {
        Stream opened = stream();
        Interrupts interrupts = new Interrupts();
        try {
            while (!inputShut) {
                try {
                    return opened.input().read(bytes, offset, length);
                } catch (InterruptedIOException e) {
                    interrupts.interrupted(e);
                }
            }
            return -1;
        } catch (SocketTimeoutException e) {
            throw SocketFailures.because(e, new SocketTimeoutException("Read timed out"));
        } catch (StreamClosedException e) {
            return endOfInput();
        } catch (SocketException | InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            throw closed ? closedNow() : SocketFailures.transfer("Connection reset", e);
        } finally {
            interrupts.restore();
        }
    }

    private int endOfInput() throws SocketException {
        if (closed) {
            throw closedNow();
        }
        return -1;
    }

    void write(byte[] bytes, int offset, int length) throws IOException {
        Stream opened = stream();
        int done = 0;
        Interrupts interrupts = new Interrupts();
        try {
            while (done < length) {
                try {
                    opened.output().write(bytes, offset + done, length - done);
                    return;
                } catch (InterruptedIOException e) {
                    done += e.bytesTransferred;
                    interrupts.interrupted(e);
                }
            }
        } catch (StreamClosedException e) {
            throw closed ? closedNow() : new SocketException("Socket output is shutdown");
        } catch (SocketException | InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            throw closed ? closedNow() : SocketFailures.transfer("Broken pipe", e);
        } finally {
            interrupts.restore();
        }
    }

    @Override
    protected InputStream getInputStream() {
        return new SocketInput(this);
    }

    @Override
    protected OutputStream getOutputStream() {
        return new SocketOutput(this);
    }

    @Override
    protected int available() throws IOException {
        Stream opened = stream();
        try {
            return inputShut ? 0 : opened.input().available();
        } catch (StreamClosedException e) {
            return endOfInput() + 1;
        }
    }

    @Override
    protected void shutdownInput() throws IOException {
        inputShut = true;
        stream().input().close();
    }

    @Override
    protected void shutdownOutput() throws IOException {
        stream().finish();
    }

    /** Wakes whoever connects, reads or writes. */
    @Override
    protected void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            CompletableFuture<Stream> dial = dialling;
            if (dial != null) {
                dial.cancel(false);
            }
            Stream opened = stream;
            if (opened != null && settings.closeIsReset()) {
                opened.reset(ErrorCode.CANCELLED.number());
            } else if (opened != null) {
                opened.close();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void setOption(int number, Object value) throws SocketException {
        settings.set(number, value);
        Stream opened = stream;
        if (opened != null) {
            opened.readTimeout(Duration.ofMillis(settings.timeoutMillis()));
        }
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
    protected void bind(InetAddress host, int toPort) {
        localport = toPort;
    }

    @Override
    protected void listen(int backlog) throws IOException {
        throw new SocketException("a socket that dials does not listen (expected: node.serverSocket)");
    }

    @Override
    protected void accept(SocketImpl socket) throws IOException {
        throw new ConnectException("a socket that dials does not accept (expected: node.serverSocket)");
    }

    @Override
    protected void sendUrgentData(int data) throws IOException {
        throw new SocketException("Urgent data not supported");
    }
}
