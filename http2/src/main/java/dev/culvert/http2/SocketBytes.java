package dev.culvert.http2;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Where the blocking side of a socket meets its {@link Connection}. Any thread; guarded by its lock. One batch of bytes is asked for at a time,
 * when those of the last are read; a write returns when its bytes have left.
 */
final class SocketBytes implements Connection.Sink {
    private static final int CHUNK = 64 * 1024;

    private final Connection connection;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<ByteBuf> queue = new ArrayDeque<>();
    private boolean asked;
    private boolean ended;
    private boolean closed;
    private boolean inputShut;
    private boolean outputShut;
    private @Nullable Throwable failure;

    SocketBytes(Connection connection) {
        this.connection = connection;
        connection.join(this);
    }

    Connection connection() {
        return connection;
    }

    /** As an input stream does it; 0 waits without limit. */
    int read(byte[] target, int offset, int length, int timeoutMillis) throws IOException {
        lock.lock();
        try {
            long leftNanos = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
            while (queue.isEmpty() && !ended && !closed && !inputShut) {
                ask();
                if (timeoutMillis == 0) {
                    changed.await();
                } else if (leftNanos <= 0) {
                    throw new SocketTimeoutException("Read timed out");
                } else {
                    leftNanos = changed.awaitNanos(leftNanos);
                }
            }
            return take(target, offset, length);
        } catch (InterruptedException e) {
            throw interrupted(e);
        } finally {
            lock.unlock();
        }
    }

    private void ask() {
        if (!asked) {
            asked = true;
            connection.read();
        }
    }

    private int take(byte[] target, int offset, int length) throws IOException {
        if (closed) {
            throw new SocketException("Socket closed");
        }
        ByteBuf first = queue.peek();
        if (inputShut || first == null) {
            return inputShut ? -1 : end();
        }
        int count = Math.min(length, first.readableBytes());
        first.readBytes(target, offset, count);
        if (!first.isReadable()) {
            queue.remove().release();
        }
        return count;
    }

    private int end() throws SocketException {
        if (failure != null) {
            SocketException reset = new SocketException("Connection reset");
            reset.initCause(failure);
            throw reset;
        }
        return -1;
    }

    int available() throws SocketException {
        lock.lock();
        try {
            if (closed) {
                throw new SocketException("Socket closed");
            }
            return queue.stream().mapToInt(ByteBuf::readableBytes).sum();
        } finally {
            lock.unlock();
        }
    }

    void write(byte[] source, int offset, int length) throws IOException {
        for (int done = 0; done < length; ) {
            requireWritable();
            int part = Math.min(CHUNK, length - done);
            ByteBuf chunk = connection.raw().alloc().buffer(part).writeBytes(source, offset + done, part);
            CompletableFuture<@Nullable Throwable> written = new CompletableFuture<>();
            connection.write(List.of(chunk), written::complete);
            awaitWritten(written);
            done += part;
        }
    }

    private void requireWritable() throws SocketException {
        lock.lock();
        try {
            if (closed || outputShut) {
                throw new SocketException(closed ? "Socket closed" : "Socket output is shutdown");
            }
        } finally {
            lock.unlock();
        }
    }

    private static void awaitWritten(CompletableFuture<@Nullable Throwable> written) throws IOException {
        try {
            Throwable cause = written.get();
            if (cause != null) {
                SocketException broken = new SocketException("Broken pipe");
                broken.initCause(cause);
                throw broken;
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("it is completed with what happened, and never fails", e);
        }
    }

    private static InterruptedIOException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        InterruptedIOException interrupted = new InterruptedIOException("interrupted");
        interrupted.initCause(cause);
        return interrupted;
    }

    void shutInput() {
        change(() -> inputShut = true);
    }

    void shutOutput() {
        change(() -> outputShut = true);
        connection.finish();
    }

    boolean isInputShut() {
        return inputShut;
    }

    boolean isOutputShut() {
        return outputShut;
    }

    void close() {
        change(() -> {
            closed = true;
            releaseAll();
        });
        connection.close();
    }

    @Override
    public void onRead(List<ByteBuf> bytes) {
        change(() -> {
            asked = false;
            queue.addAll(bytes);
            if (closed) {
                releaseAll();
            }
        });
    }

    @Override
    public void onInputEnded() {
        change(() -> ended = true);
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
        change(() -> {
            ended = true;
            failure = cause;
        });
    }

    private void releaseAll() {
        queue.forEach(ByteBuf::release);
        queue.clear();
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
