package dev.culvert.node;

import dev.culvert.mux.MuxStream;
import dev.culvert.mux.Splice;
import dev.culvert.mux.StreamHandler;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * Joins the two legs of a call that this node passes on, and counts what goes through. Each leg's handler is owned by the leg's loop.
 * [ROUTE-1] [ROUTE-2]
 */
final class Relay {
    /** No object of its own: a relay holds one of these per pair of streams, and there may be a million. */
    private static final AtomicIntegerFieldUpdater<Relay> ENDED =
            AtomicIntegerFieldUpdater.newUpdater(Relay.class, "ended");

    private final Traffic traffic;

    @SuppressWarnings("UnusedVariable") // by the updater
    private volatile int ended;

    private Relay(Traffic traffic) {
        this.traffic = traffic;
    }

    /** On the caller's loop, after it was answered. */
    static void join(Traffic traffic, MuxStream caller, Head callerHead, Dial.Opened opened) {
        Splice splice = Splice.between(caller, opened.stream());
        Relay relay = new Relay(traffic);
        callerHead.take(caller, relay.new Leg(splice.first(), true));
        Hop.to(opened.exit().loop(), () -> opened.head().take(opened.stream(), relay.new Leg(splice.second(), false)));
    }

    private void end() {
        if (ENDED.compareAndSet(this, 0, 1)) {
            traffic.end();
        }
    }

    private final class Leg implements StreamHandler {
        private final StreamHandler next;
        private final boolean fromCaller;

        Leg(StreamHandler next, boolean fromCaller) {
            this.next = next;
            this.fromCaller = fromCaller;
        }

        @Override
        public void onData(MuxStream stream, ByteBuf data) {
            if (fromCaller) {
                traffic.in(data.readableBytes());
            } else {
                traffic.out(data.readableBytes());
            }
            next.onData(stream, data);
        }

        @Override
        public void onFinish(MuxStream stream) {
            next.onFinish(stream);
        }

        @Override
        public void onReset(MuxStream stream, int code) {
            end();
            next.onReset(stream, code);
        }

        @Override
        public void onStop(MuxStream stream, int code) {
            next.onStop(stream, code);
        }

        @Override
        public void onWritten(MuxStream stream, int bytes) {
            next.onWritten(stream, bytes);
        }

        @Override
        public void onClosed(MuxStream stream) {
            end();
            next.onClosed(stream);
        }
    }
}
