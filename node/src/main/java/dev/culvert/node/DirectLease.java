package dev.culvert.node;

import dev.culvert.api.ErrorCode;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How long a direct link that came in may last, unless its dialler shows fresh tickets. Owned by the session's loop. [DIRECT-6] */
final class DirectLease {
    private final Peer peer;
    private final DirectDesk desk;
    private long leftMillis;
    private long untilNanos;
    private @Nullable Future<?> timer;

    /** @param leftMillis from now, or from {@link #begin} */
    DirectLease(Peer peer, DirectDesk desk, long leftMillis) {
        this.peer = peer;
        this.desk = desk;
        this.leftMillis = leftMillis;
    }

    /** The session is up. */
    void begin() {
        untilNanos = now() + TimeUnit.MILLISECONDS.toNanos(leftMillis);
        later();
    }

    /** A ticket that is not good changes nothing. */
    void renew(byte[] ticket) {
        leftMillis = desk.leftMillis(peer, ticket);
        untilNanos = Math.max(untilNanos, now() + TimeUnit.MILLISECONDS.toNanos(leftMillis));
    }

    private void later() {
        timer = peer.loop().schedule(this::look, Math.max(0, untilNanos - now()), TimeUnit.NANOSECONDS);
    }

    private void look() {
        if (now() - untilNanos < 0) {
            later();
        } else {
            peer.session().dismiss(ErrorCode.EXPIRED, "no fresh ticket for this direct link has come");
        }
    }

    void end() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    private long now() {
        return peer.loop().ticker().nanoTime();
    }
}
