package dev.culvert.node;

import dev.culvert.api.CulvertException;
import dev.culvert.api.StreamResetException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Whether and how a stream is over, and who wants to know. Guarded by the lock of its pipe. */
final class PipeEnd {
    private final Executor hooks;
    private @Nullable Supplier<CulvertException> failure;
    private @Nullable CompletableFuture<Void> told;
    private boolean over;

    /** @param hooks runs what hangs on {@link #stage()} */
    PipeEnd(Executor hooks) {
        this.hooks = hooks;
    }

    /** Reads and writes fail from now on; the first reason counts. */
    void reset(int code, String text) {
        fail(() -> new StreamResetException(code, text));
    }

    /** As {@link #reset}, before the stream was open. */
    void fail(CulvertException cause) {
        fail(() -> cause);
    }

    private void fail(Supplier<CulvertException> cause) {
        if (failure == null) {
            failure = cause;
        }
    }

    boolean isFailed() {
        return failure != null;
    }

    /** The failure with the stack of who asks, since several threads may. */
    IOException failure() {
        return failure == null ? new IOException("the stream is over") : failure.get();
    }

    /** Nothing happens on the stream any more. */
    void over() {
        if (!over) {
            over = true;
            tell();
        }
    }

    boolean isOver() {
        return over;
    }

    /** Made when somebody asks, since most streams come and go without. */
    CompletionStage<Void> stage() {
        CompletableFuture<Void> stage = told;
        if (stage == null) {
            stage = new CompletableFuture<>();
            told = stage;
            if (over) {
                complete(stage, failure);
            }
        }
        return stage.minimalCompletionStage();
    }

    private void tell() {
        CompletableFuture<Void> stage = told;
        Supplier<CulvertException> cause = failure;
        if (stage != null) {
            hooks.execute(() -> complete(stage, cause));
        }
    }

    private static void complete(CompletableFuture<Void> stage, @Nullable Supplier<CulvertException> cause) {
        if (cause == null) {
            stage.complete(null);
        } else {
            stage.completeExceptionally(cause.get());
        }
    }
}
