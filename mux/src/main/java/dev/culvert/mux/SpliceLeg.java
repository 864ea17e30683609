package dev.culvert.mux;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One side of a {@link Splice}: passes what its stream hears to the other leg. Owned by its stream's event loop, except {@link
 * #post}, which any thread may use.
 */
final class SpliceLeg implements StreamHandler {
    /** What one leg asks of the other's stream. */
    sealed interface Order {
        record Write(ByteBuf data) implements Order {}

        record Consumed(int bytes) implements Order {}

        record Finish() implements Order {}

        record Reset(int code) implements Order {}

        record Stop(int code) implements Order {}
    }

    /** How orders reach a leg's stream. */
    interface Post {
        /** On the same loop: at once. */
        Post DIRECT = (leg, order) -> leg.obey(order);

        void send(SpliceLeg leg, Order order);
    }

    private static final Order FINISH = new Order.Finish();

    private final MuxStream stream;
    private final Post post;
    private @Nullable SpliceLeg other;
    /** Bytes of the other leg that were queued here and have not left. */
    private int owed;

    SpliceLeg(MuxStream stream, Post post) {
        this.stream = stream;
        this.post = post;
    }

    void joinTo(SpliceLeg leg) {
        other = leg;
    }

    @Override
    public void onData(MuxStream from, ByteBuf data) {
        order(new Order.Write(data));
    }

    @Override
    public void onFinish(MuxStream from) {
        order(FINISH);
    }

    @Override
    public void onReset(MuxStream from, int code) {
        order(new Order.Reset(code));
    }

    @Override
    public void onStop(MuxStream from, int code) {
        order(new Order.Stop(code));
    }

    /** Bytes that were queued before the splice may be among these, so never more than the splice owes. */
    @Override
    public void onWritten(MuxStream from, int bytes) {
        int paid = Math.min(bytes, owed);
        if (paid > 0) {
            owed -= paid;
            order(new Order.Consumed(paid));
        }
    }

    /** Does to this leg's stream what the other leg asks. On this leg's loop. */
    void obey(Order order) {
        if (order instanceof Order.Write write) {
            owed += write.data.readableBytes();
            stream.write(write.data);
        } else if (order instanceof Order.Consumed consumed) {
            stream.consumed(consumed.bytes);
        } else if (order instanceof Order.Finish) {
            stream.finish();
        } else if (order instanceof Order.Reset reset) {
            stream.reset(reset.code);
        } else if (order instanceof Order.Stop stop) {
            stream.stop(stop.code);
        }
    }

    private void order(Order order) {
        SpliceLeg to = other;
        if (to == null) {
            throw new IllegalStateException("a leg without another");
        }
        to.post.send(to, order);
    }
}
