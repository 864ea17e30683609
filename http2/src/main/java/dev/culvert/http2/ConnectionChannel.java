package dev.culvert.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AbstractChannel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Connection} as a Netty channel: accepted by a {@link ListenerChannel}, or connected by dialling a {@link PeerAddress}. Owned by its
 * own event loop, which may be of any kind; the connection lives on its socket's loop, and only buffers pass between the two.
 *
 * <p>Reads ask the connection for bytes one batch at a time; writes hand over one batch at a time and count as pending until they left.
 */
final class ConnectionChannel extends AbstractChannel implements DuplexChannel, Connection.Sink {
    private static final ChannelMetadata METADATA = new ChannelMetadata(false);
    private static final int BATCH = 64;

    private final ConnectionConfig config = new ConnectionConfig(this);
    private final @Nullable Dialler dialler;
    private @Nullable Future<Connection> dial;
    private volatile @Nullable Connection connection;
    private boolean reading;
    private boolean writing;
    private volatile boolean inputShut;
    private volatile boolean outputShut;
    private volatile boolean open = true;

    /** One that was accepted. */
    ConnectionChannel(Channel parent, Connection connection) {
        super(parent);
        this.dialler = null;
        this.connection = connection;
    }

    /** One to connect. */
    ConnectionChannel(Dialler dialler) {
        super(null);
        this.dialler = dialler;
    }

    /** Finds a connection by the name of its peer. */
    interface Dialler {
        /** @param timeoutMillis 0: no limit */
        Future<Connection> dial(String name, long timeoutMillis);
    }

    @Override
    protected void doRegister(ChannelPromise promise) {
        Connection accepted = connection;
        if (accepted != null) {
            accepted.join(this);
        }
        promise.setSuccess();
    }

    private void connect(Dialler by, PeerAddress remote, ChannelPromise promise) {
        Future<Connection> asked = by.dial(remote.name(), config.getConnectTimeoutMillis());
        dial = asked;
        asked.addListener(done -> onLoop(() -> onDialled(asked, promise), () -> onTooLate(asked, promise)));
    }

    /** Nobody is left who could use it. */
    private static void onTooLate(Future<Connection> asked, ChannelPromise promise) {
        if (asked.isSuccess()) {
            asked.getNow().close();
        }
        promise.tryFailure(new ClosedChannelException());
    }

    private void onDialled(Future<Connection> asked, ChannelPromise promise) {
        if (!open) {
            onTooLate(asked, promise);
            return;
        }
        if (!asked.isSuccess()) {
            Throwable failure = connectFailure(asked.cause());
            promise.tryFailure(failure);
            closeNow(failure);
            return;
        }
        Connection dialled = asked.getNow();
        connection = dialled;
        dialled.join(this);
        promise.trySuccess();
        pipeline().fireChannelActive();
        if (config.isAutoRead()) {
            read();
        }
    }

    private static Throwable connectFailure(Throwable cause) {
        if (cause instanceof SocketTimeoutException) {
            ConnectTimeoutException timeout = new ConnectTimeoutException(cause.getMessage());
            timeout.initCause(cause);
            return timeout;
        }
        return cause;
    }

    @Override
    protected void doBeginRead() {
        Connection joined = connection;
        if (!reading && joined != null && !inputShut) {
            reading = true;
            joined.read();
        }
    }

    @Override
    public void onRead(List<ByteBuf> bytes) {
        onLoop(
                () -> {
                    reading = false;
                    bytes.forEach(pipeline()::fireChannelRead);
                    pipeline().fireChannelReadComplete();
                },
                () -> bytes.forEach(ByteBuf::release));
    }

    @Override
    public void onInputEnded() {
        onLoop(
                () -> {
                    inputShut = true;
                    reading = false;
                    if (config.isAllowHalfClosure()) {
                        pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
                    } else {
                        closeNow(closedByPeer());
                    }
                },
                () -> {});
    }

    @Override
    public void onClosed(@Nullable Throwable failure) {
        onLoop(
                () -> {
                    if (open && failure != null) {
                        pipeline().fireExceptionCaught(failure);
                    }
                    closeNow(failure == null ? closedByPeer() : failure);
                },
                () -> {});
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer out) {
        Connection joined = connection;
        if (writing || joined == null) {
            return;
        }
        dropEmpty(out);
        List<ByteBuf> batch = new ArrayList<>();
        try {
            out.forEachFlushedMessage(message -> {
                ByteBuf bytes = (ByteBuf) message;
                return !bytes.isReadable() || batch.add(bytes.retainedSlice()) && batch.size() < BATCH;
            });
        } catch (Exception e) {
            throw new IllegalStateException("collecting what to write cannot fail", e);
        }
        if (batch.isEmpty()) {
            return;
        }
        writing = true;
        int count = batch.size();
        joined.write(batch, failure -> onLoop(() -> onWritten(count, failure), () -> {}));
    }

    /** What was cancelled before it was flushed is left as nothing to write. */
    private static void dropEmpty(ChannelOutboundBuffer out) {
        while (out.current() instanceof ByteBuf first && !first.isReadable()) {
            out.remove();
        }
    }

    private void onWritten(int count, @Nullable Throwable failure) {
        ChannelOutboundBuffer out = unsafe().outboundBuffer();
        if (out == null) {
            return;
        }
        if (failure != null) {
            IOException broken = new IOException("Connection closed while writing", failure);
            pipeline().fireExceptionCaught(broken);
            closeNow(broken);
            return;
        }
        for (int i = 0; i < count; i++) {
            dropEmpty(out);
            out.remove(); // whoever is told so may flush at once: what is not removed yet would be sent again
        }
        writing = false;
        ((ConnectionUnsafe) unsafe()).writeMore();
    }

    @Override
    protected Object filterOutboundMessage(Object message) {
        if (message instanceof ByteBuf) {
            return message;
        }
        ReferenceCountUtil.release(message);
        throw new UnsupportedOperationException(message.getClass() + " (expected: ByteBuf)");
    }

    @Override
    protected void doClose() {
        open = false;
        Future<Connection> asked = dial;
        if (asked != null) {
            asked.cancel(false);
        }
        Connection joined = connection;
        if (joined != null) {
            joined.close();
        }
    }

    @Override
    protected void doDisconnect() {
        doClose();
    }

    @Override
    protected void doShutdownOutput() {
        outputShut = true;
        Connection joined = connection;
        if (joined != null) {
            joined.finish();
        }
    }

    /** As a socket is closed under its handlers: HTTP/2's would first say good-bye, and wait. Pending writes fail because of it. */
    private void closeNow(Throwable because) {
        ((ConnectionUnsafe) unsafe()).closeNow(because);
    }

    private static IOException closedByPeer() {
        return new IOException("Connection closed by the other side");
    }

    /** What is asked of the loop once it is gone is asked of nobody. */
    private void onLoop(Runnable task, Runnable loopIsGone) {
        try {
            eventLoop().execute(task);
        } catch (RejectedExecutionException e) {
            loopIsGone.run();
        }
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new ConnectionUnsafe();
    }

    /** Connects by dialling. */
    private final class ConnectionUnsafe extends AbstractUnsafe {
        @Override
        public void connect(SocketAddress remote, SocketAddress local, ChannelPromise promise) {
            if (!promise.setUncancellable() || !ensureOpen(promise)) {
                return;
            }
            if (dialler == null || isActive()) {
                safeSetFailure(promise, new AlreadyConnectedException());
            } else if (dial != null) {
                safeSetFailure(promise, new ConnectionPendingException());
            } else if (remote instanceof PeerAddress peer) {
                ConnectionChannel.this.connect(dialler, peer, promise);
            } else {
                safeSetFailure(
                        promise, new IOException(remote + " (expected: a PeerAddress, the name of the peer to dial)"));
            }
        }

        void writeMore() {
            flush0();
        }

        void closeNow(Throwable because) {
            close(voidPromise(), because, new ClosedChannelException());
        }
    }

    @Override
    public boolean isInputShutdown() {
        return inputShut;
    }

    @Override
    public ChannelFuture shutdownInput() {
        return shutdownInput(newPromise());
    }

    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        inputShut = true;
        return promise.setSuccess();
    }

    @Override
    public boolean isOutputShutdown() {
        return outputShut;
    }

    @Override
    public ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        onLoop(
                () -> ((AbstractUnsafe) unsafe()).shutdownOutput(promise),
                () -> promise.tryFailure(new IOException("closed")));
        return promise;
    }

    @Override
    public boolean isShutdown() {
        return inputShut && outputShut;
    }

    @Override
    public ChannelFuture shutdown() {
        return shutdown(newPromise());
    }

    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
        inputShut = true;
        return shutdownOutput(promise);
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return true;
    }

    @Override
    protected @Nullable SocketAddress localAddress0() {
        Connection joined = connection;
        return joined == null ? null : joined.localAddress();
    }

    @Override
    protected @Nullable SocketAddress remoteAddress0() {
        Connection joined = connection;
        return joined == null ? null : joined.remoteAddress();
    }

    @Override
    protected void doBind(SocketAddress local) {
        throw new UnsupportedOperationException("a reversed connection has its address already");
    }

    @Override
    public ConnectionConfig config() {
        return config;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean isActive() {
        return open && connection != null;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }
}
