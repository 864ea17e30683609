package dev.culvert.gateway;

import dev.culvert.api.CulvertException;
import dev.culvert.api.DialException;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.StreamResetException;
import dev.culvert.node.LocalConnection;
import dev.culvert.node.LocalStream;
import dev.culvert.node.LoopStream;
import io.netty.buffer.ByteBuf;
import io.netty.channel.AbstractChannel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.concurrent.Future;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A stream to a service in the form of a Netty channel, so that Netty's codecs work on it. Owned by its loop, which is that of the
 * connection it is dialled for.
 *
 * <pre>
 * NEW       the first flush dials, with as much as fits into the open     DIALLING
 * DIALLING  what is flushed waits                                         opened: OPEN; refused: CLOSED
 * OPEN      bytes go both ways; a reset by the far end closes             CLOSED
 * </pre>
 *
 * The end of the far end's half is told as {@link ChannelInputShutdownEvent}; whoever reads decides whether to close.
 */
final class StreamChannel extends AbstractChannel implements LocalConnection.Answer, LoopStream.Listener {
    private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);
    private static final int FIRST_BYTES = 32 * 1024;
    private static final int HIGH_BYTES = 128 * 1024;
    private static final int LOW_BYTES = 64 * 1024;
    private static final SocketAddress HERE = new Name("gateway");
    private static final SocketAddress THERE = new Name("service");

    private final ChannelConfig config = new DefaultChannelConfig(this);
    private final Dialling dialling;
    private final Deque<ByteBuf> held = new ArrayDeque<>(2);
    private State state = State.NEW;
    private @Nullable LocalStream stream;
    private int queued;
    private boolean readPending;
    private boolean draining;
    private boolean inputFinished;
    private boolean inputShut;
    private boolean outputFinished;
    private boolean stopped;

    private enum State {
        NEW,
        DIALLING,
        OPEN,
        CLOSED
    }

    /** Begins the dial. */
    interface Dialling {
        void dial(ByteBuf first, LocalConnection.Answer answer);
    }

    private static final class Name extends SocketAddress {
        private static final long serialVersionUID = 1L;
        private final String text;

        Name(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    StreamChannel(Dialling dialling) {
        super(null);
        this.dialling = dialling;
    }

    @Override
    public void onOpened(LocalStream opened) {
        if (state != State.DIALLING) {
            opened.reset(ErrorCode.CANCELLED);
            return;
        }
        state = State.OPEN;
        stream = opened;
        opened.take(this);
        if (outputFinished) {
            opened.finish();
        }
        unsafe().flush();
    }

    @Override
    public void onRefused(DialException refusal) {
        fail(refusal);
    }

    @Override
    public void onReset(int code) {
        String node = stream == null ? "" : stream.node();
        fail(
                switch (ErrorCode.of(code)) {
                    case LINK_LOST -> new StreamResetException(code, "the link to the service was lost");
                    case TARGET_LOST ->
                        new StreamResetException(code, node, "the target broke off", "see the target's own log");
                    default -> new StreamResetException(code, "the service's end was aborted");
                });
    }

    private void fail(CulvertException cause) {
        if (state != State.CLOSED) {
            stream = null;
            pipeline().fireExceptionCaught(cause);
            unsafe().close(voidPromise());
        }
    }

    @Override
    public void onData(ByteBuf data) {
        held.add(data);
        drain();
    }

    @Override
    public void onFinish() {
        inputFinished = true;
        drain();
    }

    @Override
    public void onStop() {
        stopped = true;
        unsafe().flush();
    }

    @Override
    public void onWritten(int bytes) {
        queued = Math.max(0, queued - bytes);
        if (queued <= LOW_BYTES) {
            unsafe().flush();
        }
    }

    @Override
    protected void doBeginRead() {
        readPending = true;
        if (!draining && (!held.isEmpty() || inputFinished)) {
            eventLoop().execute(this::drain);
        }
    }

    /** Hands on what was asked for; bytes count as used when the pipeline has them. */
    private void drain() {
        if (draining) {
            return;
        }
        draining = true;
        boolean some = false;
        while (readPending && !held.isEmpty()) {
            ByteBuf data = held.remove();
            int bytes = data.readableBytes();
            readPending = config.isAutoRead();
            some = true;
            pipeline().fireChannelRead(data);
            if (stream != null) {
                stream.consumed(bytes);
            }
            readPending &= config.isAutoRead();
        }
        draining = false;
        if (some) {
            pipeline().fireChannelReadComplete();
        }
        if (held.isEmpty() && inputFinished && !inputShut && state != State.CLOSED && config.isAutoRead()) {
            inputShut = true;
            pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        }
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer out) {
        if (state == State.NEW) {
            state = State.DIALLING;
            dialling.dial(first(out), this);
            return;
        }
        LocalStream open = stream;
        if (open == null) {
            return;
        }
        for (Object next = out.current(); next != null && (stopped || queued < HIGH_BYTES); next = out.current()) {
            ByteBuf data = (ByteBuf) next;
            if (!stopped && data.isReadable()) {
                queued += data.readableBytes();
                open.write(data.retainedSlice());
            }
            out.remove();
        }
    }

    /** As much of what is flushed as may leave with the open, copied: it is little. */
    private ByteBuf first(ChannelOutboundBuffer out) {
        ByteBuf first = alloc().buffer();
        while (out.current() instanceof ByteBuf data && first.readableBytes() + data.readableBytes() <= FIRST_BYTES) {
            first.writeBytes(data, data.readerIndex(), data.readableBytes());
            out.remove();
        }
        return first;
    }

    @Override
    protected Object filterOutboundMessage(Object message) {
        if (message instanceof ByteBuf) {
            return message;
        }
        throw new UnsupportedOperationException("message " + message.getClass().getName() + " (expected: a ByteBuf)");
    }

    @Override
    protected void doClose() {
        state = State.CLOSED;
        held.forEach(ByteBuf::release);
        held.clear();
        LocalStream open = stream;
        stream = null;
        if (open != null && !(inputFinished && outputFinished)) {
            open.reset(ErrorCode.CANCELLED);
        }
    }

    /** Unless it has ended before. */
    static void closeWithin(Channel channel, long millis) {
        Future<?> end = channel.eventLoop().schedule(() -> channel.close(), millis, TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener(closed -> end.cancel(false));
    }

    /** Half-close, behind what is flushed already. */
    void finishOutput() {
        if (!outputFinished && state != State.CLOSED) {
            outputFinished = true;
            if (stream != null) {
                stream.finish();
            }
        }
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new StreamUnsafe();
    }

    private final class StreamUnsafe extends AbstractUnsafe {
        @Override
        public void connect(SocketAddress remote, SocketAddress local, ChannelPromise promise) {
            promise.setFailure(new UnsupportedOperationException("the first flush dials"));
        }
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return true;
    }

    @Override
    protected SocketAddress localAddress0() {
        return HERE;
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return THERE;
    }

    @Override
    protected void doBind(SocketAddress address) {
        throw new UnsupportedOperationException("a stream to a service is not bound");
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
        return state != State.CLOSED;
    }

    @Override
    public boolean isActive() {
        return isOpen();
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }
}
