package dev.culvert.node;

import dev.culvert.api.ErrorCode;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;

/**
 * A stream that was dialled for a {@link LocalConnection}, seen from the loop of that connection: calls in both directions happen there,
 * whichever loop the stream itself lives on. Exactly one of {@link #join()}, {@link #take} and {@link #reset} begins its use.
 */
public final class LocalStream {
    private final Dial.Opened opened;
    private final Channel near;
    private final Traffic traffic;
    private boolean taken;
    private boolean over;

    LocalStream(Dial.Opened opened, Channel near, Traffic traffic) {
        this.opened = opened;
        this.near = near;
        this.traffic = traffic;
    }

    /** Is told what the far end says. On the connection's loop. */
    public interface Listener {
        /** Bytes; the listener owns them, and says with {@link #consumed} when it has used them. */
        void onData(ByteBuf data);

        /** The far end has finished its half. */
        void onFinish();

        /** The stream ended abnormally. The last call. */
        void onReset(int code);

        /** The far end reads no more: what is written is thrown away from now on. */
        void onStop();

        /** So many bytes have left this node. */
        void onWritten(int bytes);
    }

    /** Joins the stream with the program's connection: bytes, half-close and aborts go both ways until the end. */
    public void join() {
        taken = true;
        traffic.open();
        Bridge bridge = new Bridge(opened.stream(), loop(), near, traffic, false);
        Hop.to(loop(), () -> {
            opened.head().take(opened.stream(), bridge.streamSide());
            bridge.start();
        });
    }

    /** From now on the listener is told what the far end says, and has said so far. */
    public void take(Listener listener) {
        taken = true;
        traffic.open();
        Hop.to(loop(), () -> opened.head().take(opened.stream(), new Far(near.eventLoop(), listener)));
    }

    /** Queues bytes, whose reference is consumed; {@link Listener#onWritten} says when they have left. Not after {@link #finish()}. */
    public void write(ByteBuf data) {
        traffic.in(data.readableBytes());
        Hop.to(loop(), () -> opened.stream().write(data));
    }

    /** Half-close: the end follows what was written. */
    public void finish() {
        Hop.to(loop(), opened.stream()::finish);
    }

    /** Aborts both halves. The listener hears nothing more. */
    public void reset(ErrorCode code) {
        boolean unread = !taken;
        taken = true;
        Hop.to(loop(), () -> {
            if (unread) {
                opened.head().discard(opened.stream());
            }
            opened.stream().reset(code.number());
        });
        if (!unread) {
            end();
        }
    }

    /** The listener has used so many of the bytes that it was given: the far end may send as many more. */
    public void consumed(int bytes) {
        Hop.to(loop(), () -> opened.stream().consumed(bytes));
    }

    private EventLoop loop() {
        return opened.exit().loop();
    }

    private void end() {
        if (!over) {
            over = true;
            traffic.end();
        }
    }

    /** On the stream's loop; passes everything on to the other. */
    private final class Far implements StreamHandler {
        private final EventLoop nearLoop;
        private final Listener listener;

        Far(EventLoop nearLoop, Listener listener) {
            this.nearLoop = nearLoop;
            this.listener = listener;
        }

        @Override
        public void onData(MuxStream stream, ByteBuf data) {
            traffic.out(data.readableBytes());
            Hop.to(nearLoop, () -> {
                if (over) {
                    data.release();
                } else {
                    listener.onData(data);
                }
            });
        }

        @Override
        public void onFinish(MuxStream stream) {
            tell(listener::onFinish);
        }

        @Override
        public void onReset(MuxStream stream, int code) {
            tell(() -> {
                end();
                listener.onReset(code);
            });
        }

        @Override
        public void onStop(MuxStream stream, int code) {
            tell(listener::onStop);
        }

        @Override
        public void onWritten(MuxStream stream, int bytes) {
            tell(() -> listener.onWritten(bytes));
        }

        @Override
        public void onClosed(MuxStream stream) {
            tell(LocalStream.this::end);
        }

        private void tell(Runnable news) {
            Hop.to(nearLoop, () -> {
                if (!over) {
                    news.run();
                }
            });
        }
    }
}
