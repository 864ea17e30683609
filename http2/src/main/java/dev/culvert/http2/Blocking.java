package dev.culvert.http2;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.BindException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;

/** Where a thread waits for what a loop does. */
final class Blocking {
    private Blocking() {}

    /**
     * Waits for {@code future}; an interrupt cancels it, and so ends what was asked for.
     *
     * @throws InterruptedIOException if the thread was interrupted, which it remains
     */
    static <T> T await(Future<T> future) throws IOException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            future.cancel(false);
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted while waiting");
            interrupted.initCause(e);
            throw interrupted;
        } catch (CancellationException e) {
            throw closed(e);
        } catch (ExecutionException e) {
            throw failure(e.getCause() == null ? e : e.getCause());
        }
    }

    /** As {@link #await}, for what is done to a channel. */
    static Channel awaitChannel(ChannelFuture future) throws IOException {
        await(future);
        return future.channel();
    }

    private static IOException failure(Throwable cause) {
        if (cause instanceof ClosedChannelException) {
            return closed(cause);
        }
        if (cause instanceof SocketTimeoutException) {
            SocketTimeoutException timeout = new SocketTimeoutException(cause.getMessage());
            timeout.initCause(cause);
            return timeout;
        }
        if (cause instanceof BindException) {
            BindException bind = new BindException(cause.getMessage());
            bind.initCause(cause);
            return bind;
        }
        return new IOException(cause.getMessage(), cause);
    }

    private static SocketException closed(Throwable cause) {
        SocketException closed = new SocketException("Socket closed");
        closed.initCause(cause);
        return closed;
    }

    /** At least 1 for what is not zero. */
    static long millis(Duration timeout) {
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("timeout: " + timeout + " (expected: 0 for no limit, or more)");
        }
        return timeout.isZero() ? 0 : Math.max(1, timeout.toMillis());
    }
}
