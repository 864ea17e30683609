package dev.culvert.gateway;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How long an exchange may last. Owned by its loop. What the client asked for bounds all of it. What the gateway sets by itself is for the
 * answer to begin, counted from the last of the request that the service took: a long upload is no late answer. One timer, which looks when
 * it is due.
 */
final class Deadline {
    private final EventLoop loop;
    private final long limitNanos;
    private final boolean asked;
    private final Runnable onPassed;
    private long atNanos;
    private @Nullable Future<?> timer;

    /**
     * @param limit zero: none
     * @param asked by the client
     */
    Deadline(EventLoop loop, Duration limit, boolean asked, Runnable onPassed) {
        this.loop = loop;
        this.limitNanos = limit.toNanos();
        this.asked = asked;
        this.onPassed = onPassed;
    }

    void start(long nowNanos) {
        atNanos = nowNanos + limitNanos;
        if (limitNanos > 0) {
            schedule(limitNanos);
        }
    }

    private void schedule(long nanos) {
        timer = loop.schedule(this::onTimer, nanos, TimeUnit.NANOSECONDS);
    }

    private void onTimer() {
        timer = null;
        long left = leftNanos();
        if (left > 0) {
            schedule(left);
        } else {
            onPassed.run();
        }
    }

    /** The service has taken more of the request. */
    void onProgress() {
        if (!asked) {
            atNanos = loop.ticker().nanoTime() + limitNanos;
        }
    }

    /** The answer has begun. */
    void onAnswer() {
        if (!asked) {
            stop();
        }
    }

    /** Nothing is waited for any more. Idempotent. */
    void stop() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    /** Whether the client set it, for all of the exchange. */
    boolean isAsked() {
        return asked;
    }

    /** Whether {@link #leftNanos} means anything. */
    boolean isRunning() {
        return timer != null;
    }

    long leftNanos() {
        return atNanos - loop.ticker().nanoTime();
    }
}
