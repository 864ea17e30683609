package dev.culvert.mux;

import io.netty.channel.EventLoop;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Orders on their way to a leg on another loop: one queue, one wake-up for many. Any thread. */
final class CrossLoopPost implements SpliceLeg.Post {
    private final EventLoop loop;
    private final ConcurrentLinkedQueue<SpliceLeg.Order> orders = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean awake = new AtomicBoolean();

    CrossLoopPost(MuxStream to) {
        this.loop = to.session().loop();
    }

    @Override
    public void send(SpliceLeg leg, SpliceLeg.Order order) {
        orders.add(order);
        if (awake.compareAndSet(false, true)) {
            try {
                loop.execute(() -> deliver(leg));
            } catch (RejectedExecutionException gone) {
                // the loop and all its sessions are over: nobody is left to obey
                discard();
            }
        }
    }

    private void deliver(SpliceLeg leg) {
        awake.set(false);
        for (SpliceLeg.Order order = orders.poll(); order != null; order = orders.poll()) {
            leg.obey(order);
        }
    }

    private void discard() {
        awake.set(false);
        for (SpliceLeg.Order order = orders.poll(); order != null; order = orders.poll()) {
            if (order instanceof SpliceLeg.Order.Write write) {
                write.data().release();
            }
        }
    }
}
