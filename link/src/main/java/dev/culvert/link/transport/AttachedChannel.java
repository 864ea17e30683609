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
import org.jspecify.annotations.Nullable;

/**
 * A Netty channel over a blocking {@link ByteChannel}. Owned by its event loop; one thread reads when the loop asks for bytes, another
 * writes one buffer at a time, and both only pass buffers.
 */
final class AttachedChannel extends AbstractChannel {
    private static final ChannelMetadata METADATA = new ChannelMetadata(false);
    private static final int CHUNK = 16 * 1024;

    private final ChannelConfig config = new DefaultChannelConfig(this);
    private final SocketAddress address;
    private final ByteChannel bytes;
    private final ExecutorService reader;
    private final ExecutorService writer;
    private boolean reading;
    private boolean writing;
    private volatile boolean open = true;

    AttachedChannel(String name, ByteChannel bytes) {
        super(null);
        this.address = new AttachedAddress(name);
        this.bytes = bytes;
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
        if (!reading) {
            reading = true;
            reader.execute(this::readOnce);
        }
    }

    /** On the reader's thread. */
    private void readOnce() {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
        @Nullable IOException failure = null;
        int count = -1;
        try {
            count = bytes.read(chunk);
        } catch (IOException e) {
            failure = e;
        }
        int read = count;
        IOException failed = failure;
        onLoop(() -> onRead(chunk.flip(), read, failed));
    }

    private void onRead(ByteBuffer chunk, int count, @Nullable IOException failure) {
        reading = false;
        if (count >= 0) {
            ByteBuf received = alloc().buffer(chunk.remaining()).writeBytes(chunk);
            pipeline().fireChannelRead(received);
            pipeline().fireChannelReadComplete();
            return;
        }
        if (failure != null && open) {
            pipeline().fireExceptionCaught(failure);
        }
        close();
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer in) {
        Object next = in.current();
        if (!writing && next instanceof ByteBuf message) {
            writing = true;
            byte[] copy = new byte[message.readableBytes()];
            message.getBytes(message.readerIndex(), copy);
            writer.execute(() -> writeOnce(copy));
        }
    }

    /** On the writer's thread. */
    private void writeOnce(byte[] message) {
        @Nullable IOException failure = null;
        try {
            for (ByteBuffer rest = ByteBuffer.wrap(message); rest.hasRemaining(); ) {
                bytes.write(rest);
            }
        } catch (IOException e) {
            failure = e;
        }
        IOException failed = failure;
        onLoop(() -> onWritten(failed));
    }

    private void onWritten(@Nullable IOException failure) {
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

    @Override
    protected void doClose() throws IOException {
        open = false;
        reader.shutdownNow();
        writer.shutdownNow();
        bytes.close();
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
