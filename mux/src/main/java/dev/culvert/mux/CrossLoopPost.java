package dev.culvert.mux;

import io.netty.channel.EventLoop;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * Orders on their way to a leg on another loop: one chain, one wake-up for many. Any thread. An idle one, of which a relay holds two
 * per pair, is two references and nothing else.
 */
final class CrossLoopPost implements SpliceLeg.Post {
    private static final AtomicReferenceFieldUpdater<CrossLoopPost, @Nullable Envelope> NEWEST =
            AtomicReferenceFieldUpdater.newUpdater(CrossLoopPost.class, Envelope.class, "newest");

    private final EventLoop loop;
    private volatile @Nullable Envelope newest;

    /** One order, and the one before it that has not been taken either. */
    private static final class Envelope {
        private final SpliceLeg.Order order;
        private @Nullable Envelope beside;

        Envelope(SpliceLeg.Order order) {
            this.order = order;
        }
    }

    CrossLoopPost(MuxStream to) {
        this.loop = to.session().loop();
    }

    @Override
    public void send(SpliceLeg leg, SpliceLeg.Order order) {
        Envelope envelope = new Envelope(order);
        Envelope before;
        do {
            before = newest;
            envelope.beside = before;
        } while (!NEWEST.compareAndSet(this, before, envelope));
        if (before == null) {
            wake(leg);
        }
    }

    /** Whoever posts into an empty chain wakes the loop; whoever comes before the loop has taken it rides along. */
    private void wake(SpliceLeg leg) {
        try {
            loop.execute(() -> deliver(leg));
        } catch (RejectedExecutionException gone) {
            // the loop and all its sessions are over: nobody is left to obey
            discard();
        }
    }

    private void deliver(SpliceLeg leg) {
        for (Envelope next = takeOldestFirst(); next != null; next = next.beside) {
            leg.obey(next.order);
        }
    }

    private void discard() {
        for (Envelope next = takeOldestFirst(); next != null; next = next.beside) {
            if (next.order instanceof SpliceLeg.Order.Write write) {
                write.data().release();
            }
        }
    }

    /** Empties the chain, which has the newest in front, and turns it round. */
    private @Nullable Envelope takeOldestFirst() {
        Envelope taken = NEWEST.getAndSet(this, null);
        Envelope turned = null;
        while (taken != null) {
            Envelope older = taken.beside;
            taken.beside = turned;
            turned = taken;
            taken = older;
        }
        return turned;
    }
}
