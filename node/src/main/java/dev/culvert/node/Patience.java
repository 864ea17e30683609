package dev.culvert.node;

import io.netty.util.concurrent.Ticker;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.function.BooleanSupplier;

/** How long one half of a stream lets a thread wait. Guarded by the lock of its pipe. */
final class Patience {
    /** No deadline. */
    static final long NEVER = Long.MIN_VALUE;

    /** Beyond this a time is as good as never. */
    static final long MAX_DAYS = 36_500;

    private final Ticker ticker;
    private final Condition changed;
    private final String missing;
    private long timeoutNanos;
    private long deadlineNanos = NEVER;

    /**
     * @param changed signalled whenever what is waited for may be there
     * @param missing what did not come in time, for the message
     */
    Patience(Ticker ticker, Condition changed, String missing) {
        this.ticker = ticker;
        this.changed = changed;
        this.missing = missing;
    }

    /** For each wait; zero: for ever. */
    void timeout(Duration timeout) {
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("timeout: " + timeout + " (expected: zero or more)");
        }
        timeoutNanos = timeout.toDays() >= MAX_DAYS ? 0 : timeout.toNanos();
    }

    /** For all waits, by the ticker; {@link #NEVER}: none. Those that wait look again. */
    void deadline(long nanos) {
        deadlineNanos = nanos;
        changed.signalAll();
    }

    /** Waits until it is ready. */
    void await(BooleanSupplier ready) throws InterruptedIOException {
        long allowed = timeoutNanos;
        long start = ticker.nanoTime();
        while (!ready.getAsBoolean()) {
            try {
                if (allowed == 0 && deadlineNanos == NEVER) {
                    changed.await();
                } else {
                    changed.awaitNanos(left(start, allowed));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while waiting: " + missing);
            }
        }
    }

    private long left(long start, long allowed) throws SocketTimeoutException {
        long nowNanos = ticker.nanoTime();
        long left = Long.MAX_VALUE;
        if (allowed > 0) {
            left = start + allowed - nowNanos;
            if (left <= 0) {
                throw new SocketTimeoutException(
                        missing + " within " + TimeUnit.NANOSECONDS.toMillis(allowed) + " ms (the stream's timeout)");
            }
        }
        if (deadlineNanos != NEVER) {
            left = Math.min(left, deadlineNanos - nowNanos);
            if (left <= 0) {
                throw new SocketTimeoutException(missing + " before the stream's deadline");
            }
        }
        return left;
    }
}
