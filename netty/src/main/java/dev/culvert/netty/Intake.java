package dev.culvert.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.IntConsumer;

/**
 * What has come for a channel, and its way into the pipeline when somebody wants to read. Owned by the channel's loop. Bounded by the stream's
 * window, since bytes are given back to the far end when the pipeline has had them.
 */
final class Intake {
    /** Pieces that are fired in one go, as other channels of Netty do. */
    static final int MAX_READS = 16;

    private final Channel channel;
    private final StreamConfig config;
    private final IntConsumer given;
    private final Deque<ByteBuf> pieces = new ArrayDeque<>(2);
    private volatile boolean shut;
    private boolean finished;
    private boolean closed;
    private boolean wanted;
    private boolean firing;

    /** @param given is told of bytes that have been used */
    Intake(Channel channel, StreamConfig config, IntConsumer given) {
        this.channel = channel;
        this.config = config;
        this.given = given;
    }

    void add(ByteBuf piece) {
        if (closed) {
            int bytes = piece.readableBytes();
            piece.release();
            given.accept(bytes);
            return;
        }
        pieces.add(piece);
        deliver();
    }

    /** Nothing more comes. */
    void finish() {
        finished = true;
        deliver();
    }

    /** Throws away what is here and what will come. */
    void close() {
        closed = true;
        shut = true;
        pieces.forEach(ByteBuf::release);
        pieces.clear();
    }

    /** Whether no more will be read. Any thread. */
    boolean isShut() {
        return shut;
    }

    /** Somebody wants to read; the pipeline is called later, not from here. */
    void want() {
        wanted = true;
        if (hasNews()) {
            channel.eventLoop().execute(this::deliver);
        }
    }

    private boolean hasNews() {
        return !pieces.isEmpty() || isAtEnd();
    }

    private boolean isAtEnd() {
        return finished && !shut && pieces.isEmpty();
    }

    /** Fires one piece, or several while reading goes on by itself, and the end behind the last. */
    private void deliver() {
        if (!wanted || firing || !hasNews()) {
            return;
        }
        wanted = false;
        firing = true;
        int count = fire();
        firing = false;
        if (count > 0) {
            channel.pipeline().fireChannelReadComplete();
        }
        if (isAtEnd() && (count == 0 || config.isAutoRead())) {
            end();
        }
    }

    private int fire() {
        int count = 0;
        while (!pieces.isEmpty() && (count == 0 || count < MAX_READS && config.isAutoRead())) {
            ByteBuf piece = pieces.remove();
            int bytes = piece.readableBytes();
            channel.pipeline().fireChannelRead(piece);
            given.accept(bytes);
            count++;
        }
        return count;
    }

    private void end() {
        if (!config.isAllowHalfClosure()) {
            channel.unsafe().close(channel.unsafe().voidPromise());
            return;
        }
        shut = true;
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
    }
}
