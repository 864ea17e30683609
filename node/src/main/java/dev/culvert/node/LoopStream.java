package dev.culvert.node;

import dev.culvert.api.ErrorCode;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import java.util.List;

/**
 * A byte stream without threads that wait, seen from an event executor of its owner's choice: the owner calls it there, and there its
 * {@link Listener} is told, whichever loop the stream itself lives on. The owner calls {@link #take} or {@link #reset} first.
 */
public final class LoopStream {
    private final MuxStream stream;
    private final EventLoop home;
    private final Source source;
    private final Traffic traffic;
    private final boolean caller;
    private boolean taken;
    private boolean over;

    private LoopStream(MuxStream stream, Source source, Traffic traffic, boolean caller) {
        this.stream = stream;
        this.home = stream.session().loop();
        this.source = source;
        this.traffic = traffic;
        this.caller = caller;
    }

    /** One that this node has dialled. */
    static LoopStream dialled(Dial.Opened opened, Traffic traffic) {
        return new LoopStream(opened.stream(), new Answered(opened), traffic, true);
    }

    /** One that a caller wants; to take it is to accept it. */
    static LoopStream called(Incoming incoming, Traffic traffic) {
        return new LoopStream(incoming.stream(), incoming::accept, traffic, false);
    }

    /** Where the stream comes from. On the stream's loop. */
    private interface Source {
        /** False: it has gone. */
        boolean take(StreamHandler handler);

        /** Nobody will take it. */
        default void discard() {}
    }

    private record Answered(Dial.Opened opened) implements Source {
        @Override
        public boolean take(StreamHandler handler) {
            opened.head().take(opened.stream(), handler);
            return true;
        }

        @Override
        public void discard() {
            opened.head().discard(opened.stream());
        }
    }

    /** Is told what the far end says. On the owner's executor, in order, and nothing more after {@link #reset}. */
    public interface Listener {
        /** Bytes; the listener owns them, and says with {@link #consumed} when it has used them. */
        void onData(ByteBuf data);

        /** The far end has finished its half. */
        void onFinish();

        /** The stream ended abnormally; {@code code} as it came over the wire. The last call. */
        void onReset(int code);

        /** The far end reads no more: what is written is thrown away from now on. */
        void onStop();

        /** So many bytes have left this node; with the first, a few of the protocol's own may be counted. */
        void onWritten(int bytes);

        /** Both halves are finished. The last call. */
        default void onClosed() {}
    }

    /** From now on the listener is told, on {@code near}, what the far end says and has said so far. */
    public void take(EventExecutor near, Listener listener) {
        taken = true;
        traffic.open();
        Far far = new Far(near, listener);
        Hop.to(home, () -> {
            if (!source.take(far)) {
                far.onReset(stream, ErrorCode.CANCELLED.number());
            }
        });
    }

    /** Queues bytes, whose reference is consumed; {@link Listener#onWritten} says when they have left. Not after {@link #finish()}. */
    public void write(ByteBuf data) {
        count(data, caller);
        if (!Hop.reaches(home, () -> stream.write(data))) {
            data.release();
        }
    }

    /** The same for several pieces, which go to the stream's loop together. */
    public void write(List<ByteBuf> pieces) {
        pieces.forEach(piece -> count(piece, caller));
        if (!Hop.reaches(home, () -> pieces.forEach(stream::write))) {
            pieces.forEach(ByteBuf::release);
        }
    }

    /** Half-close: the end follows what was written. Idempotent. */
    public void finish() {
        Hop.to(home, stream::finish);
    }

    /** This end reads no more; the far end learns it, and what it sends is thrown away. Idempotent. */
    public void stop() {
        Hop.to(home, () -> stream.stop(ErrorCode.CANCELLED.number()));
    }

    /** Aborts both halves; the far end learns {@code code}: one of {@link ErrorCode}, or from 0x100 the application's. */
    public void reset(int code) {
        boolean unread = !taken;
        taken = true;
        Hop.to(home, () -> {
            if (unread) {
                source.discard();
            }
            stream.reset(code);
        });
        if (!unread) {
            end();
        }
    }

    /** The listener has used so many of the bytes that it was given: the far end may send as many more. */
    public void consumed(int bytes) {
        Hop.to(home, () -> stream.consumed(bytes));
    }

    private void count(ByteBuf data, boolean in) {
        if (in) {
            traffic.in(data.readableBytes());
        } else {
            traffic.out(data.readableBytes());
        }
    }

    private void end() {
        if (!over) {
            over = true;
            traffic.end();
        }
    }

    /** On the stream's loop; passes everything on to the owner's executor. */
    private final class Far implements StreamHandler {
        private final EventExecutor near;
        private final Listener listener;

        Far(EventExecutor near, Listener listener) {
            this.near = near;
            this.listener = listener;
        }

        @Override
        public void onData(MuxStream from, ByteBuf data) {
            count(data, !caller);
            boolean told = Hop.reaches(near, () -> {
                if (over) {
                    data.release();
                } else {
                    listener.onData(data);
                }
            });
            if (!told) {
                data.release();
                from.reset(ErrorCode.CANCELLED.number());
                traffic.end();
            }
        }

        @Override
        public void onFinish(MuxStream from) {
            tell(listener::onFinish);
        }

        @Override
        public void onReset(MuxStream from, int code) {
            tell(() -> {
                end();
                listener.onReset(code);
            });
        }

        @Override
        public void onStop(MuxStream from, int code) {
            tell(listener::onStop);
        }

        @Override
        public void onWritten(MuxStream from, int bytes) {
            tell(() -> listener.onWritten(bytes));
        }

        @Override
        public void onClosed(MuxStream from) {
            tell(() -> {
                end();
                listener.onClosed();
            });
        }

        private void tell(Runnable news) {
            Hop.to(near, () -> {
                if (!over) {
                    news.run();
                }
            });
        }
    }
}
