package dev.culvert.gateway;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How long a client may let the gateway wait. Owned by the channel's loop. One timer for each connection, which looks when it is due: so a
 * request costs none.
 */
final class ClientPatience {
    private static final long LEAVING_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Channel channel;
    private final long headNanos;
    private final long idleNanos;
    private final Consumer<Phase> onImpatience;
    private Phase phase = Phase.NEW;
    private long dueNanos;
    private @Nullable Future<?> timer;
    /** When the timer looks next; not after what is due. */
    private long lookNanos;

    /** What is waited for. */
    enum Phase {
        /** The first byte of a new connection. */
        NEW,
        /** The rest of a head. */
        HEAD,
        /** The next request. */
        IDLE,
        /** More of a body, or room for more of the answer. */
        REQUEST,
        /** Nothing: a tunnel may be silent. */
        TUNNEL,
        /** The client's end of a connection that is over. */
        LEAVING
    }

    /** @param onImpatience told in {@link Phase#NEW}, {@link Phase#HEAD}, {@link Phase#IDLE} and {@link Phase#REQUEST} */
    ClientPatience(Channel channel, GatewayTimes times, Consumer<Phase> onImpatience) {
        this.channel = channel;
        this.headNanos = times.head().toNanos();
        this.idleNanos = times.idle().toNanos();
        this.onImpatience = onImpatience;
    }

    void onConnected() {
        channel.closeFuture().addListener(closed -> stop());
        enter(Phase.NEW, headNanos);
    }

    /** The first byte of a head. */
    void onHeadBegun() {
        if (phase == Phase.NEW || phase == Phase.IDLE) {
            enter(Phase.HEAD, headNanos);
        }
    }

    /** A head is complete. */
    void onRequest() {
        enter(Phase.REQUEST, idleNanos);
    }

    void onIdle() {
        enter(Phase.IDLE, idleNanos);
    }

    void onTunnel() {
        phase = Phase.TUNNEL;
        stop();
    }

    void onLeaving() {
        enter(Phase.LEAVING, LEAVING_NANOS);
    }

    /** Bytes came or went. */
    void onProgress() {
        if (phase == Phase.REQUEST) {
            dueNanos = now() + idleNanos;
        }
    }

    private void enter(Phase next, long nanos) {
        phase = next;
        dueNanos = now() + nanos;
        if (timer == null || dueNanos - lookNanos < 0) {
            stop();
            schedule();
        }
    }

    private void schedule() {
        if (channel.isOpen()) {
            lookNanos = dueNanos;
            timer = channel.eventLoop().schedule(this::look, Math.max(1, dueNanos - now()), TimeUnit.NANOSECONDS);
        }
    }

    private void look() {
        timer = null;
        if (now() - dueNanos < 0) {
            schedule();
        } else if (phase == Phase.LEAVING) {
            channel.close();
        } else {
            dueNanos = now() + idleNanos;
            onImpatience.accept(phase);
            if (timer == null && phase != Phase.TUNNEL) {
                schedule();
            }
        }
    }

    private void stop() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private long now() {
        return channel.eventLoop().ticker().nanoTime();
    }
}
