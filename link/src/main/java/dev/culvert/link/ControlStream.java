package dev.culvert.link;

import dev.culvert.api.ErrorCode;
import dev.culvert.link.proto.Control;
import dev.culvert.mux.MuxSession;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Control messages over stream 1 of a session. Owned by the session's event loop. What the peer breaks ends the session through its
 * owner; a peer that leaves our messages unread is closed. [LINK-11] [CTRL-1]
 */
final class ControlStream implements StreamHandler {
    static final int HANDSHAKE_LIMIT = 65_536;
    static final int LIMIT = 4_096;

    private static final long LAST_WORD_MILLIS = 500;

    private final MuxSession mux;
    private final Owner owner;
    private final MessageReader<Control> reader = new MessageReader<>(Control.parser(), HANDSHAKE_LIMIT);
    private final UnreadControl unread = new UnreadControl();
    private @Nullable MuxStream stream;
    private @Nullable Future<?> watch;
    private @Nullable Runnable whenWritten;
    private boolean deaf;
    private boolean ended;

    ControlStream(MuxSession mux, Owner owner) {
        this.mux = mux;
        this.owner = owner;
    }

    /** Who gets the messages. On the session's event loop. */
    interface Owner {
        void onMessage(Control message) throws ProtocolViolation;

        void onViolation(ProtocolViolation violation);
    }

    /** Stream 1, before anything is sent. */
    void stream(MuxStream newStream) {
        stream = newStream;
    }

    /** @throws IllegalArgumentException if the message is longer than the peer takes */
    void send(Control message) {
        boolean handshake = message.hasHello() || message.hasWelcome();
        int limit = handshake ? HANDSHAKE_LIMIT : LIMIT;
        if (message.getSerializedSize() > limit) {
            throw new IllegalArgumentException(message.getMessageCase() + " of " + message.getSerializedSize()
                    + " bytes (expected: at most " + limit + ")");
        }
        MuxStream to = stream;
        if (ended || to == null) {
            return;
        }
        ByteBuf bytes = MessageWriter.encode(message, mux.channel().alloc());
        unread.onQueued(bytes.readableBytes(), nowNanos());
        to.write(bytes);
        maybeWatch();
    }

    /** As {@link #send}, and runs {@code then} when everything has left this side. */
    void send(Control message, Runnable then) {
        whenWritten = then;
        send(message);
    }

    /** Sends a last message and ends the session when it has left, or a little later in any case. */
    void sendLast(Control message, ErrorCode code, String reason) {
        Future<?> late = loop().schedule(() -> mux.close(code, reason), LAST_WORD_MILLIS, TimeUnit.MILLISECONDS);
        send(message, () -> {
            late.cancel(false);
            mux.close(code, reason);
        });
    }

    /** The session is over. */
    void end() {
        ended = true;
        whenWritten = null;
        if (watch != null) {
            watch.cancel(false);
        }
    }

    boolean ended() {
        return ended;
    }

    @Override
    public void onData(MuxStream from, ByteBuf data) {
        int bytes = data.readableBytes();
        try {
            readAll(data);
        } catch (ProtocolViolation e) {
            deaf = true;
            owner.onViolation(e);
        } finally {
            data.release();
        }
        if (!ended) {
            from.consumed(bytes);
        }
    }

    private void readAll(ByteBuf data) throws ProtocolViolation {
        while (!ended && !deaf) {
            Control message = reader.read(data);
            if (message == null) {
                return;
            }
            reader.limit(LIMIT);
            owner.onMessage(message);
        }
    }

    @Override
    public void onWritten(MuxStream to, int bytes) {
        unread.onWritten(bytes, nowNanos());
        Runnable then = whenWritten;
        if (then != null && unread.isEmpty()) {
            whenWritten = null;
            then.run();
        }
    }

    @Override
    public void onFinish(MuxStream from) {
        mux.close(ErrorCode.OK, "the peer ended the session");
    }

    @Override
    public void onReset(MuxStream from, int code) {
        if (code != ErrorCode.LINK_LOST.number()) {
            mux.close(ErrorCode.PROTOCOL, "the peer reset the control stream");
        }
    }

    private void maybeWatch() {
        if (unread.isTooLong()) {
            mux.close(ErrorCode.SLOW_CONSUMER, unread.toString());
        } else if (watch == null && !unread.isEmpty()) {
            long delay = unread.deadlineNanos() - nowNanos();
            watch = loop().schedule(this::onWatch, delay, TimeUnit.NANOSECONDS);
        }
    }

    private void onWatch() {
        watch = null;
        if (!unread.isEmpty() && unread.deadlineNanos() - nowNanos() <= 0) {
            mux.close(ErrorCode.SLOW_CONSUMER, unread.toString());
        } else {
            maybeWatch();
        }
    }

    private EventLoop loop() {
        return mux.loop();
    }

    private long nowNanos() {
        return loop().ticker().nanoTime();
    }
}
