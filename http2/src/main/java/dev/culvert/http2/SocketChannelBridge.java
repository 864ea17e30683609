package dev.culvert.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AbstractChannel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.channels.AlreadyConnectedException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A socket of the caller's listener as a Netty channel. Owned by its event loop; a thread reads when the loop asks for bytes, another writes one
 * buffer at a time, and both only pass arrays. The end of its input ends it.
 */
final class SocketChannelBridge extends AbstractChannel {
    private static final ChannelMetadata METADATA = new ChannelMetadata(false);
    private static final int CHUNK = 16 * 1024;

    private final ChannelConfig config = new DefaultChannelConfig(this);
    private final Socket socket;
    private final Executor threads;
    private boolean reading;
    private boolean writing;
    private volatile boolean open = true;

    SocketChannelBridge(Channel parent, Socket socket, Executor threads) {
        super(parent);
        this.socket = socket;
        this.threads = threads;
    }

    @Override
    protected void doBeginRead() {
        if (!reading) {
            reading = true;
            threads.execute(this::readOnce);
        }
    }

    /** On a thread of its own. */
    private void readOnce() {
        byte[] chunk = new byte[CHUNK];
        try {
            int count = socket.getInputStream().read(chunk);
            onLoop(() -> onRead(chunk, count));
        } catch (IOException e) {
            onLoop(() -> onFailed(e));
        }
    }

    private void onRead(byte[] chunk, int count) {
        reading = false;
        if (count < 0) {
            unsafe().close(unsafe().voidPromise());
            return;
        }
        pipeline().fireChannelRead(alloc().buffer(count).writeBytes(chunk, 0, count));
        pipeline().fireChannelReadComplete();
    }

    private void onFailed(IOException failure) {
        reading = false;
        if (open) {
            pipeline().fireExceptionCaught(failure);
        }
        unsafe().close(unsafe().voidPromise());
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer out) {
        if (!writing && out.current() instanceof ByteBuf message) {
            writing = true;
            byte[] copy = new byte[message.readableBytes()];
            message.getBytes(message.readerIndex(), copy);
            threads.execute(() -> writeOnce(copy));
        }
    }

    /** On a thread of its own, one write at a time. */
    private void writeOnce(byte[] message) {
        try {
            socket.getOutputStream().write(message);
            socket.getOutputStream().flush();
            onLoop(() -> onWritten(null));
        } catch (IOException e) {
            onLoop(() -> onWritten(e));
        }
    }

    private void onWritten(@Nullable IOException failure) {
        writing = false;
        ChannelOutboundBuffer out = unsafe().outboundBuffer();
        if (out == null) {
            return;
        }
        if (failure == null) {
            out.remove();
            ((BridgeUnsafe) unsafe()).writeMore();
        } else {
            out.remove(failure);
            unsafe().close(unsafe().voidPromise());
        }
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
    protected void doClose() throws IOException {
        open = false;
        socket.close();
    }

    private void onLoop(Runnable task) {
        try {
            eventLoop().execute(task);
        } catch (RejectedExecutionException e) {
            open = false; // the loops are gone, and everything with them
        }
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new BridgeUnsafe();
    }

    /** Nothing to connect: the socket is connected already. */
    private final class BridgeUnsafe extends AbstractUnsafe {
        @Override
        public void connect(SocketAddress remote, SocketAddress local, ChannelPromise promise) {
            safeSetFailure(promise, new AlreadyConnectedException());
        }

        void writeMore() {
            flush0();
        }
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return true;
    }

    @Override
    protected SocketAddress localAddress0() {
        return socket.getLocalSocketAddress();
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return socket.getRemoteSocketAddress();
    }

    @Override
    protected void doBind(SocketAddress local) {
        throw new UnsupportedOperationException("a socket that was accepted is bound already");
    }

    @Override
    protected void doDisconnect() throws IOException {
        doClose();
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean isActive() {
        return open;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }
}
