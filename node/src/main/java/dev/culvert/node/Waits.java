package dev.culvert.node;

import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Blocks a thread until something has happened elsewhere. <em>Stateless.</em> Never on an event loop. */
final class Waits {
    private Waits() {}

    static <T> T on(Future<T> future) throws IOException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            throw interrupted();
        } catch (ExecutionException e) {
            throw cause(e);
        }
    }

    /** @throws InterruptedIOException also if the thread was interrupted before, whether or not it had to wait */
    static <T> T on(CompletionStage<T> stage) throws IOException {
        try {
            if (Thread.interrupted()) {
                throw interrupted();
            }
            return stage.toCompletableFuture().get();
        } catch (InterruptedException e) {
            throw interrupted();
        } catch (ExecutionException e) {
            throw cause(e);
        }
    }

    /** An interrupt cancels the future. */
    static <T> T orCancel(CompletableFuture<T> future) throws IOException {
        boolean done = false;
        try {
            T value = on((CompletionStage<T>) future);
            done = true;
            return value;
        } finally {
            if (!done) {
                future.cancel(false);
            }
        }
    }

    /** @throws IOException also if the node closes and nobody is left to complete it */
    static <T> T on(CompletionStage<T> stage, CompletableFuture<?> closed) throws IOException {
        CompletableFuture<T> result = stage.toCompletableFuture();
        CompletionStage<Object> first = CompletableFuture.anyOf(result, closed);
        on(first);
        if (!result.isDone()) {
            throw new IOException("the node was closed meanwhile");
        }
        return on(stage);
    }

    /** False: it has not happened in time. */
    static boolean on(CompletionStage<?> stage, Duration timeout) throws IOException {
        try {
            stage.toCompletableFuture().get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            throw interrupted();
        } catch (ExecutionException e) {
            throw cause(e);
        }
    }

    private static InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted while waiting");
    }

    private static IOException cause(ExecutionException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        if (cause instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        return cause instanceof IOException io ? io : new IOException(cause);
    }
}
