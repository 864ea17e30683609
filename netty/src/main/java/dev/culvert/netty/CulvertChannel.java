package dev.culvert.netty;

import dev.culvert.api.Address;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.Node;
import dev.culvert.api.StreamResetException;
import dev.culvert.node.Arrival;
import dev.culvert.node.CulvertNode;
import dev.culvert.node.LoopStream;
import io.netty.buffer.ByteBuf;
import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.DuplexChannelConfig;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.net.SocketAddress;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.NotYetConnectedException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A stream as a Netty channel. Lives on any event loop, which owns it. Differs from a channel over TCP as follows.
 *
 * <ul>
 *   <li>It connects to a {@link CulvertAddress}, or to an {@code InetSocketAddress} whose host is one of our names (with {@code
 *       Bootstrap.disableResolver()}, so that nothing is asked of DNS). A connect fails with {@link dev.culvert.api.DialException}.
 *   <li>A reset, by the other end or since a link is lost, is a {@link StreamResetException}, then the channel is closed.
 *   <li>When the other end reads no more, writes fail and {@code ChannelOutputShutdownEvent} is fired; what it sends can still be read.
 *   <li>A write is done when it has been handed to the node, which holds at most 128 KiB of a channel; beyond, {@link #isWritable} says when
 *       to stop. Only {@link ByteBuf}s can be written.
 *   <li>A close sends what was written, as TCP does; with SO_LINGER zero it resets. Options that only TCP has are taken and do nothing.
 * </ul>
 */
public final class CulvertChannel extends AbstractChannel implements DuplexChannel {
    private static final ChannelMetadata METADATA = new ChannelMetadata(false, Intake.MAX_READS);
    private static final int HIGH_BYTES = 128 * 1024;
    private static final int LOW_BYTES = HIGH_BYTES / 2;

    private final StreamConfig config = new StreamConfig(this);
    private final Intake intake = new Intake(this, config, this::consumed);
    private final Runnable closeWithLoop = this::closeNow;
    private final @Nullable CulvertNode node;
    private final @Nullable Arrival arrival;
    private volatile State state = State.OPEN;
    private volatile boolean outputShut;
    private volatile @Nullable SocketAddress remote;
    private @Nullable Connecting connecting;
    private @Nullable LoopStream stream;
    private int unsentBytes;
    private boolean announced;
    private boolean reset;

    private enum State {
        OPEN,
        CONNECTED,
        CLOSED
    }

    private CulvertChannel(
            @Nullable CulvertServerChannel parent, @Nullable CulvertNode node, @Nullable Arrival arrival) {
        super(parent);
        this.node = node;
        this.arrival = arrival;
    }

    /**
     * Makes channels that dial, for {@code Bootstrap.channelFactory} and the like.
     *
     * @param node as {@link Node#join} or {@link Node#builder} start it
     */
    public static ChannelFactory<CulvertChannel> factory(Node node) {
        CulvertNode engine = engine(node);
        return () -> new CulvertChannel(null, engine, null);
    }

    /** The channel of a caller. It is accepted when the channel is registered with its loop. */
    static CulvertChannel accepting(CulvertServerChannel parent, Arrival arrival) {
        CulvertChannel channel = new CulvertChannel(parent, null, arrival);
        channel.remote = new CallerAddress(arrival.principal());
        return channel;
    }

    static CulvertNode engine(Node node) {
        if (node instanceof CulvertNode engine) {
            return engine;
        }
        throw new IllegalArgumentException(
                "node of " + node.getClass() + " (expected: one that culvert-node has started, as Node.join does)");
    }

    /** At the accepting end who the caller is, as the last relay proved it; at the dialling end empty. */
    public String principal() {
        return arrival == null ? "" : arrival.principal();
    }

    /** What the caller sent along when it dialled; at the dialling end empty. */
    public Map<String, String> headers() {
        return arrival == null ? Map.of() : arrival.headers();
    }

    /** Aborts; the other end learns {@code code}: one of {@link ErrorCode}, or from 0x100 the application's. Any thread. */
    public ChannelFuture reset(int code) {
        eventLoop().execute(() -> {
            LoopStream opened = stream;
            if (opened != null && !reset) {
                reset = true;
                opened.reset(code);
            }
            closeNow();
        });
        return closeFuture();
    }

    @Override
    public CulvertServerChannel parent() {
        return (CulvertServerChannel) super.parent();
    }

    @Override
    public DuplexChannelConfig config() {
        return config;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    public boolean isOpen() {
        return state != State.CLOSED;
    }

    @Override
    public boolean isActive() {
        return state == State.CONNECTED;
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return true;
    }

    @Override
    protected @Nullable SocketAddress localAddress0() {
        return arrival == null ? null : new CulvertAddress(arrival.address());
    }

    @Override
    protected @Nullable SocketAddress remoteAddress0() {
        return remote;
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new StreamUnsafe();
    }

    private void closeNow() {
        unsafe().close(unsafe().voidPromise());
    }

    @Override
    protected void doRegister(ChannelPromise promise) {
        if (eventLoop() instanceof SingleThreadEventExecutor executor) {
            executor.addShutdownHook(closeWithLoop);
        }
        if (arrival != null && stream == null) {
            state = State.CONNECTED;
            eventLoop().execute(() -> announced = true);
            stream = arrival.accept(eventLoop(), new FromStream());
        }
        promise.setSuccess();
    }

    /** A stream stays with its loop. */
    @Override
    protected void doDeregister() {
        if (isOpen()) {
            closeNow();
        }
        if (eventLoop() instanceof SingleThreadEventExecutor executor) {
            executor.removeShutdownHook(closeWithLoop);
        }
    }

    /** The address of a dialling end has no meaning. */
    @Override
    protected void doBind(SocketAddress localAddress) {}

    @Override
    protected void doDisconnect() {
        doClose();
    }

    @Override
    protected void doClose() {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        intake.close();
        if (connecting != null) {
            connecting.cancel();
        }
        LoopStream opened = stream;
        if (opened != null) {
            end(opened);
        } else if (arrival != null) {
            arrival.refuse(ErrorCode.DRAINING, "the service closed the channel before it was registered");
        }
    }

    private void end(LoopStream opened) {
        if (reset) {
            return;
        }
        if (config.closeResets()) {
            opened.reset(ErrorCode.CANCELLED.number());
        } else {
            opened.finish();
            opened.stop();
        }
    }

    @Override
    protected void doBeginRead() {
        intake.want();
    }

    private void consumed(int bytes) {
        LoopStream opened = stream;
        if (opened != null) {
            opened.consumed(bytes);
        }
    }

    @Override
    protected Object filterOutboundMessage(Object message) {
        if (message instanceof ByteBuf) {
            return message;
        }
        throw new UnsupportedOperationException(
                "message of " + message.getClass() + " (expected: ByteBuf; for files, ChunkedFile)");
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer in) throws Exception {
        LoopStream opened = stream;
        if (opened == null) {
            throw new NotYetConnectedException();
        }
        Pieces pieces = new Pieces(HIGH_BYTES - unsentBytes);
        in.forEachFlushedMessage(pieces);
        unsentBytes += pieces.bytes();
        pieces.writeTo(opened);
        // Behind the write: whoever hears of it may finish the stream.
        in.removeBytes(pieces.bytes());
    }

    @Override
    protected void doShutdownOutput() {
        outputShut = true;
        LoopStream opened = stream;
        if (opened != null) {
            opened.finish();
        }
    }

    @Override
    public boolean isInputShutdown() {
        return intake.isShut();
    }

    @Override
    public boolean isOutputShutdown() {
        return outputShut || !isOpen();
    }

    @Override
    public boolean isShutdown() {
        return isInputShutdown() && isOutputShutdown();
    }

    @Override
    public ChannelFuture shutdownInput() {
        return shutdownInput(newPromise());
    }

    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        onLoop(() -> {
            LoopStream opened = stream;
            if (!isActive() || opened == null) {
                promise.tryFailure(isOpen() ? new NotYetConnectedException() : new ClosedChannelException());
                return;
            }
            intake.close();
            opened.stop();
            promise.trySuccess();
        });
        return promise;
    }

    @Override
    public ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        onLoop(() -> ((StreamUnsafe) unsafe()).shutdownOutput(promise));
        return promise;
    }

    @Override
    public ChannelFuture shutdown() {
        return shutdown(newPromise());
    }

    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
        shutdownOutput().addListener(done -> shutdownInput(promise));
        return promise;
    }

    private void onLoop(Runnable task) {
        if (eventLoop().inEventLoop()) {
            task.run();
        } else {
            eventLoop().execute(task);
        }
    }

    private final class StreamUnsafe extends AbstractUnsafe {
        @Override
        public void connect(SocketAddress remoteAddress, SocketAddress localAddress, ChannelPromise promise) {
            CulvertNode dialler = node;
            if (promise.isDone() || !ensureOpen(promise)) {
                return;
            }
            if (isActive() || dialler == null) {
                promise.tryFailure(new AlreadyConnectedException());
                return;
            }
            if (connecting != null && !connecting.isOver()) {
                promise.tryFailure(new ConnectionPendingException());
                return;
            }
            try {
                Address address = CulvertAddress.meantBy(remoteAddress);
                remote = new CulvertAddress(address);
                dial(dialler.open(address, config.dialOptions()), promise);
            } catch (IllegalArgumentException e) {
                promise.tryFailure(e);
            }
        }

        private void dial(CompletableFuture<LoopStream> dial, ChannelPromise promise) {
            promise.addListener(done -> {
                if (done.isCancelled()) {
                    close(voidPromise());
                }
            });
            connecting = new Connecting(dial, promise, eventLoop(), (opened, failure) -> {
                if (opened == null) {
                    promise.tryFailure(failure == null ? new ClosedChannelException() : failure);
                } else {
                    connected(opened, promise);
                }
            });
        }

        private void connected(LoopStream opened, ChannelPromise promise) {
            stream = opened;
            state = State.CONNECTED;
            opened.take(eventLoop(), new FromStream());
            boolean wanted = promise.trySuccess();
            if (isActive()) {
                pipeline().fireChannelActive();
            }
            announced = true;
            if (!wanted) {
                close(voidPromise());
            }
        }

        /** What was flushed goes on. */
        void resume() {
            flush0();
        }

        void fail(StreamResetException cause) {
            ClosedChannelException closed = new ClosedChannelException();
            closed.initCause(cause);
            close(voidPromise(), cause, closed);
        }
    }

    /** What the other end says. On the channel's loop; nothing ends the channel before its pipeline has seen its beginning. */
    private final class FromStream implements LoopStream.Listener {
        @Override
        public void onData(ByteBuf data) {
            intake.add(data);
        }

        @Override
        public void onFinish() {
            intake.finish();
        }

        @Override
        public void onReset(int code) {
            if (!announced) {
                eventLoop().execute(() -> onReset(code));
            } else if (isOpen()) {
                reset = true;
                intake.close();
                StreamResetException cause = new StreamResetException(code, "the stream was reset");
                pipeline().fireExceptionCaught(cause);
                ((StreamUnsafe) unsafe()).fail(cause);
            }
        }

        @Override
        public void onStop() {
            if (!announced) {
                eventLoop().execute(this::onStop);
            } else if (isOpen() && !outputShut) {
                ((StreamUnsafe) unsafe()).shutdownOutput(unsafe().voidPromise());
            }
        }

        @Override
        public void onWritten(int bytes) {
            boolean wasFull = unsentBytes > LOW_BYTES;
            unsentBytes = Math.max(0, unsentBytes - bytes);
            if (wasFull && unsentBytes <= LOW_BYTES) {
                ((StreamUnsafe) unsafe()).resume();
            }
        }
    }
}
