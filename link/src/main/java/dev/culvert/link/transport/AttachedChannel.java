package dev.culvert.link.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Netty channel over a blocking {@link ByteChannel}. Owned by its event loop; one thread reads when the loop asks for bytes, another
 * writes one buffer at a time, and both only pass buffers; a third closes.
 */
final class AttachedChannel extends AbstractChannel {
    private static final ChannelMetadata METADATA = new ChannelMetadata(false);
    private static final int CHUNK = 16 * 1024;
    private static final Logger LOG = LoggerFactory.getLogger(AttachedChannel.class);

    private final ChannelConfig config = new DefaultChannelConfig(this);
    private final SocketAddress address;
    private final ByteChannel bytes;
    private final ExecutorService reader;
    private final ExecutorService writer;
    private final ThreadFactory closing;
    private boolean reading;
    private boolean writing;
    private volatile boolean open = true;

    AttachedChannel(String name, ByteChannel bytes) {
        super(null);
        this.address = new AttachedAddress(name);
        this.bytes = bytes;
        this.closing = new DefaultThreadFactory("attached-close-" + name, true);
        this.reader = Executors.newSingleThreadExecutor(new DefaultThreadFactory("attached-read-" + name, true));
        this.writer = Executors.newSingleThreadExecutor(new DefaultThreadFactory("attached-write-" + name, true));
        config.setAutoRead(false);
    }

    /** The name that the embedder gave. */
    private static final class AttachedAddress extends SocketAddress {
        private static final long serialVersionUID = 1L;
        private final String name;

        AttachedAddress(String name) {
            this.name = name;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    @Override
    protected void doBeginRead() {
        if (!reading && open) {
            reading = true;
            reader.execute(this::readOnce);
        }
    }

    /** On the reader's thread. An embedder's stream may throw anything, which ends it. */
    private void readOnce() {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
        @Nullable Exception failure = null;
        int count = -1;
        try {
            count = requireProgress(bytes.read(chunk));
        } catch (IOException | RuntimeException e) {
            failure = e;
        }
        int read = count;
        Exception failed = failure;
        onLoop(() -> onRead(chunk.flip(), read, failed));
    }

    private static int requireProgress(int count) throws IOException {
        if (count == 0) {
            throw new IOException("a byte stream that does not block moved 0 bytes (expected: one that blocks)");
        }
        return count;
    }

    private void onRead(ByteBuffer chunk, int count, @Nullable Exception failure) {
        reading = false;
        if (!open) {
            return;
        }
        if (count >= 0) {
            ByteBuf received = alloc().buffer(chunk.remaining()).writeBytes(chunk);
            pipeline().fireChannelRead(received);
            pipeline().fireChannelReadComplete();
            return;
        }
        if (failure != null) {
            pipeline().fireExceptionCaught(failure);
        }
        close();
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer in) {
        Object next = in.current();
        if (!writing && open && next instanceof ByteBuf message) {
            writing = true;
            byte[] copy = new byte[message.readableBytes()];
            message.getBytes(message.readerIndex(), copy);
            writer.execute(() -> writeOnce(copy));
        }
    }

    /** On the writer's thread. */
    private void writeOnce(byte[] message) {
        @Nullable Exception failure = null;
        try {
            for (ByteBuffer rest = ByteBuffer.wrap(message); rest.hasRemaining(); ) {
                requireProgress(bytes.write(rest));
            }
        } catch (IOException | RuntimeException e) {
            failure = e;
        }
        Exception failed = failure;
        onLoop(() -> onWritten(failed));
    }

    private void onWritten(@Nullable Exception failure) {
        writing = false;
        ChannelOutboundBuffer out = unsafe().outboundBuffer();
        if (out == null) {
            return;
        }
        if (failure != null) {
            out.remove(failure);
            close();
        } else {
            out.remove();
            ((AttachedUnsafe) unsafe()).writeMore();
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

    /** Closing an embedder's stream may block, behind a write that does, or throw: not on the loop. */
    @Override
    protected void doClose() {
        if (open) {
            open = false;
            reader.shutdownNow();
            writer.shutdownNow();
            closing.newThread(this::closeBytes).start();
        }
    }

    private void closeBytes() {
        try {
            bytes.close();
        } catch (IOException | RuntimeException e) {
            LOG.debug("attached stream {}: closing it failed", address, e);
        }
    }

    private void onLoop(Runnable task) {
        try {
            eventLoop().execute(task);
        } catch (RejectedExecutionException e) {
            doClose(); // the loops are gone, and everything with them
        }
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new AttachedUnsafe();
    }

    /** Nothing to connect: the stream is there already. */
    private final class AttachedUnsafe extends AbstractUnsafe {
        @Override
        public void connect(SocketAddress remote, SocketAddress local, ChannelPromise promise) {
            safeSetFailure(promise, new UnsupportedOperationException("an attached stream is connected already"));
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
        return address;
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return address;
    }

    @Override
    protected void doBind(SocketAddress local) {
        throw new UnsupportedOperationException("an attached stream is connected already");
    }

    @Override
    protected void doDisconnect() {
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
