package dev.culvert.netty;

import dev.culvert.api.ErrorCode;
import dev.culvert.node.LoopStream;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** One dial of a channel, until it is answered or given up. Owned by the channel's loop. */
final class Connecting {
    private final CompletableFuture<LoopStream> dial;
    private final ChannelPromise promise;
    private boolean over;

    /** @param result is told, on {@code loop}, of the stream or of the failure; not once this has been {@linkplain #cancel cancelled} */
    Connecting(
            CompletableFuture<LoopStream> dial,
            ChannelPromise promise,
            EventLoop loop,
            BiConsumer<@Nullable LoopStream, @Nullable Throwable> result) {
        this.dial = dial;
        this.promise = promise;
        dial.whenComplete((stream, failure) -> {
            try {
                loop.execute(() -> onAnswer(stream, failure, result));
            } catch (RejectedExecutionException loopHasEnded) {
                abandon(stream);
            }
        });
    }

    private void onAnswer(
            @Nullable LoopStream stream,
            @Nullable Throwable failure,
            BiConsumer<@Nullable LoopStream, @Nullable Throwable> result) {
        if (over) {
            abandon(stream);
        } else {
            over = true;
            result.accept(stream, failure);
        }
    }

    private static void abandon(@Nullable LoopStream stream) {
        if (stream != null) {
            stream.reset(ErrorCode.CANCELLED.number());
        }
    }

    boolean isOver() {
        return over;
    }

    /** The channel is closed. Harmless once there is an answer. */
    void cancel() {
        if (!over) {
            over = true;
            dial.cancel(false);
            promise.tryFailure(new ClosedChannelException());
        }
    }
}
