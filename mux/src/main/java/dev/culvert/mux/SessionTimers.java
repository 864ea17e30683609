package dev.culvert.mux;

import dev.culvert.api.ErrorCode;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a session does because time passes: keep-alive, the rule against slow consumers, and streams that must end. Owned by its
 * session's event loop. No stream has a timer of its own. [MUX-18] [MUX-21] [MUX-23]
 */
final class SessionTimers {
    private static final Logger LOG = LoggerFactory.getLogger(SessionTimers.class);
    private static final long SCARCE_NANOS = 1_000_000_000L;
    private static final long STREAM_END_NANOS = 30_000_000_000L;

    private final MuxSession session;
    private final Deadlines<MuxStream> stops = new Deadlines<>(STREAM_END_NANOS);
    private final Deadlines<MuxStream> stalls = new Deadlines<>(STREAM_END_NANOS);
    private @Nullable KeepAlive keepAlive;
    private @Nullable Future<?> keepAliveTimer;
    private @Nullable Future<?> scarceTimer;
    private @Nullable Future<?> streamTimer;
    private long resetForMemory;

    SessionTimers(MuxSession session) {
        this.session = session;
    }

    /** Starts or restarts keep-alive at a nominal interval; 0 turns it off. */
    void keepAlive(long intervalNanos, boolean dialler, DoubleSupplier random) {
        cancel(keepAliveTimer);
        keepAliveTimer = null;
        keepAlive = null;
        if (intervalNanos > 0 && !session.isOver()) {
            keepAlive = new KeepAlive(intervalNanos, dialler, random, session.nowNanos());
            session.writer().patience(keepAlive.patienceNanos() / 1_000_000);
            armKeepAlive(keepAlive);
        }
    }

    /** Streams that were reset because they held memory for too long. */
    long resetForMemory() {
        return resetForMemory;
    }

    /** Data has come: is there room for more? */
    void watchMemory() {
        SessionWindow window = session.credit().window();
        if (!window.isScarce()) {
            return;
        }
        if (window.free() < 0) {
            freeMemory();
        } else if (scarceTimer == null) {
            scarceTimer = schedule(this::stillScarce, SCARCE_NANOS);
        }
    }

    /** Memory is free again: the time of scarcity starts anew. */
    void memoryFreed() {
        if (scarceTimer != null && !session.credit().window().isScarce()) {
            cancel(scarceTimer);
            scarceTimer = null;
        }
    }

    /** We have stopped reading a stream: its peer must finish. */
    void stopping(MuxStream stream) {
        stops.start(stream, session.nowNanos());
        armStreams();
    }

    void stopOver(MuxStream stream) {
        if (stream.isStopped()) {
            stops.cancel(stream);
        }
    }

    /** A plain peer that finished and gives no credit may be gone for good: its close says no more than FIN. */
    void stallWatch(MuxStream stream) {
        boolean stalled = stream.state() == StreamState.PEER_FINISHED && stream.credit() == 0 && stream.queued() > 0;
        if (stalled && !session.isExtended()) {
            stalls.start(stream, session.nowNanos());
            armStreams();
        }
    }

    void stallOver(MuxStream stream) {
        if (!stalls.isEmpty()) {
            stalls.cancel(stream);
        }
    }

    void forget(MuxStream stream) {
        stopOver(stream);
        stallOver(stream);
    }

    void cancelAll() {
        cancel(keepAliveTimer);
        cancel(scarceTimer);
        cancel(streamTimer);
    }

    private void stillScarce() {
        scarceTimer = null;
        SessionWindow window = session.credit().window();
        if (window.isScarce()) {
            freeMemory();
            watchMemory();
        }
    }

    private void freeMemory() {
        SessionWindow window = session.credit().window();
        List<MuxStream> victims = SlowConsumer.victims(session.credit().holdings(), window.neededForHalf());
        if (victims.isEmpty()) {
            return;
        }
        resetForMemory += victims.size();
        LOG.warn(
                "{}: {} of {} bytes unread (expected: under three quarters); {} streams are reset with SLOW_CONSUMER",
                session,
                window.unread(),
                window.size(),
                victims.size());
        for (MuxStream victim : victims) {
            session.credit().forsake(victim);
            victim.fail(ErrorCode.SLOW_CONSUMER);
        }
    }

    private void checkKeepAlive() {
        KeepAlive current = keepAlive;
        if (current == null || session.isOver()) {
            return;
        }
        switch (current.check(session.nowNanos(), session.lastReadNanos())) {
            case DEAD -> session.lost("no byte from the peer for " + current.patienceNanos() / 1_000_000 + " ms");
            case PING -> {
                session.probe();
                armKeepAlive(current);
            }
            case WAIT -> armKeepAlive(current);
        }
    }

    private void armKeepAlive(KeepAlive current) {
        keepAliveTimer = schedule(this::checkKeepAlive, current.nextCheckNanos() - session.nowNanos());
    }

    private void armStreams() {
        if (streamTimer == null) {
            streamTimer = schedule(this::checkStreams, nextStreamEnd() - session.nowNanos());
        }
    }

    private void checkStreams() {
        streamTimer = null;
        long now = session.nowNanos();
        for (MuxStream s = stops.expired(now); s != null; s = stops.expired(now)) {
            s.fail(ErrorCode.CANCELLED);
        }
        for (MuxStream s = stalls.expired(now); s != null; s = stalls.expired(now)) {
            s.fail(ErrorCode.CANCELLED);
        }
        if (!session.isOver() && !(stops.isEmpty() && stalls.isEmpty())) {
            armStreams();
        }
    }

    private long nextStreamEnd() {
        if (stops.isEmpty() || stalls.isEmpty()) {
            return stops.isEmpty() ? stalls.firstNanos() : stops.firstNanos();
        }
        return Math.min(stops.firstNanos(), stalls.firstNanos());
    }

    private Future<?> schedule(Runnable task, long delayNanos) {
        return session.loop().schedule(task, Math.max(0, delayNanos), TimeUnit.NANOSECONDS);
    }

    private static void cancel(@Nullable Future<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
