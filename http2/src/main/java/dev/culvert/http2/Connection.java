package dev.culvert.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One accepted or dialled connection: holds what the other side sent first until a face takes it, then passes bytes on as the face asks for
 * them. The last handler of its socket's channel, owned by that channel's event loop; methods that say so may be called by any thread.
 *
 * <p>While nobody has taken it, it reads on, up to a bound: that is how the end of a waiting connection is noticed, and closes it unless it is
 * to be {@linkplain #keepHalfOpen kept}.
 */
final class Connection extends ChannelInboundHandlerAdapter {
    /** A server that speaks first says 100 bytes or so; whoever says more is not read on. */
    private static final int MOST_HELD = 16 * 1024;

    private final Channel raw;
    private final Watcher watcher;
    private final Deque<ByteBuf> held = new ArrayDeque<>();
    private int heldBytes;
    private @Nullable Sink sink;
    private boolean claimed;
    private boolean halfOpen;
    private boolean wanted;
    private boolean inputEnded;
    private boolean gone;
    private boolean told;
    private @Nullable Throwable failure;

    Connection(Channel raw, Watcher watcher) {
        this.raw = raw;
        this.watcher = watcher;
    }

    /** Sees a connection until a face takes it. Called on the connection's loop. */
    interface Watcher {
        /** There are bytes more to see; {@link Connection#firstBytes} shows all. */
        void onBytes(Connection connection);

        /** It is closed, taken or not; called once. */
        void onGone(Connection connection);

        /** Whether a face may have it now. */
        boolean mayBeTaken(Connection connection);
    }

    /** A face. Called on the connection's loop, and told nothing that it did not ask for but the end. */
    interface Sink {
        /** What one {@link Connection#read} brought; to be released by the face. */
        void onRead(List<ByteBuf> bytes);

        /** The other side sends nothing more, but may still read. */
        void onInputEnded();

        /** Closed; all bytes were passed on before. {@code failure} is null if it was in order. */
        void onClosed(@Nullable Throwable failure);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        raw.config().setAutoRead(false);
        raw.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        if (raw.isActive()) {
            raw.read();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        raw.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes) {
            heldBytes += bytes.readableBytes();
            held.add(bytes);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        progress();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded = true;
            progress();
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        failure = failure == null ? cause : failure;
        raw.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        gone = true;
        watcher.onGone(this);
        if (sink == null) {
            releaseHeld();
        } else {
            progress();
        }
    }

    private void progress() {
        if (sink == null) {
            progressUntaken();
        } else if (wanted && !held.isEmpty()) {
            wanted = false;
            sink.onRead(takeHeld());
        } else if (gone && (wanted || held.isEmpty())) {
            tellEnd(sink);
        } else if (wanted && inputEnded) {
            wanted = false;
            sink.onInputEnded();
        } else if (wanted) {
            raw.read();
        }
    }

    private void progressUntaken() {
        if (inputEnded) {
            if (!claimed && !halfOpen) {
                raw.close();
            }
            return;
        }
        if (!held.isEmpty() && !claimed) {
            watcher.onBytes(this);
        }
        if (sink == null && heldBytes < MOST_HELD) {
            raw.read();
        }
    }

    private void tellEnd(Sink face) {
        if (!told) {
            told = true;
            face.onClosed(failure);
        }
    }

    private List<ByteBuf> takeHeld() {
        List<ByteBuf> all = new ArrayList<>(held);
        held.clear();
        heldBytes = 0;
        return all;
    }

    private void releaseHeld() {
        takeHeld().forEach(ByteBuf::release);
    }

    /** What it sent so far, while nobody took it; released by the caller. */
    ByteBuf firstBytes() {
        ByteBuf all = raw.alloc().buffer(heldBytes);
        held.forEach(bytes -> all.writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes()));
        return all;
    }

    /** Whether it has said nothing yet. */
    boolean isSilent() {
        return held.isEmpty();
    }

    /** From now on the end of its input does not close it: who asked and then ended its side still waits for the answer. On its loop. */
    void keepHalfOpen() {
        halfOpen = true;
    }

    /** Takes {@code count} of the first bytes away. */
    void dropFirst(int count) {
        int left = count;
        while (left > 0) {
            ByteBuf first = held.element();
            int part = Math.min(left, first.readableBytes());
            first.skipBytes(part);
            left -= part;
            heldBytes -= part;
            if (!first.isReadable()) {
                held.remove().release();
            }
        }
    }

    /**
     * Makes sure, on its loop, that it lives and is what it was taken for; from then on it holds its bytes for one face, and every other claim
     * fails. Any thread.
     */
    Future<Boolean> claim(EventLoop asking) {
        Promise<Boolean> result = asking.newPromise();
        onLoop(
                () -> {
                    boolean granted = !claimed && !gone && raw.isActive() && watcher.mayBeTaken(this);
                    claimed |= granted;
                    result.trySuccess(granted);
                },
                () -> result.trySuccess(false));
        return result;
    }

    /** Passes everything to {@code face} from now on. Any thread. */
    void join(Sink face) {
        onLoop(
                () -> {
                    sink = face;
                    if (gone) {
                        progress();
                    }
                },
                () -> face.onClosed(null));
    }

    /** Asks for bytes once. Any thread. */
    void read() {
        onLoop(
                () -> {
                    wanted = true;
                    progress();
                },
                () -> {});
    }

    /** Sends buffers, which it releases, in order; {@code done} is told once, with null if all have left. Any thread. */
    void write(List<ByteBuf> buffers, Consumer<@Nullable Throwable> done) {
        onLoop(
                () -> {
                    int last = buffers.size() - 1;
                    buffers.subList(0, last).forEach(raw::write);
                    raw.writeAndFlush(buffers.get(last)).addListener(written -> done.accept(written.cause()));
                },
                () -> {
                    buffers.forEach(ByteBuf::release);
                    done.accept(new ClosedChannelException());
                });
    }

    /** Sends nothing more; the other side may still send. Any thread. Where TLS is ended here, it closes. */
    void finish() {
        if (raw instanceof DuplexChannel duplex && raw.pipeline().get(SslHandler.class) == null) {
            duplex.shutdownOutput();
        } else {
            raw.close();
        }
    }

    /** Any thread. Idempotent. */
    void close() {
        raw.close();
        onLoop(
                () -> {
                    if (sink != null) {
                        releaseHeld();
                    }
                },
                () -> {});
    }

    /** Runs {@code task} on its loop, at once if that is the caller's. Any thread. */
    void onLoop(Runnable task, Runnable loopIsGone) {
        if (raw.eventLoop().inEventLoop()) {
            task.run();
            return;
        }
        try {
            raw.eventLoop().execute(task);
        } catch (RejectedExecutionException e) {
            loopIsGone.run();
        }
    }

    Channel raw() {
        return raw;
    }

    SocketAddress localAddress() {
        return raw.localAddress();
    }

    SocketAddress remoteAddress() {
        return raw.remoteAddress();
    }

    @Override
    public String toString() {
        return String.valueOf(raw.remoteAddress());
    }
}
