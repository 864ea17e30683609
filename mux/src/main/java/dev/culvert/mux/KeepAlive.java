package dev.culvert.mux;

import java.util.function.DoubleSupplier;

/**
 * When to ping and when to give the peer up. Owned by its session's event loop. Pure. [MUX-18]
 *
 * <p>The dialler pings at the nominal interval, varied by 20 % either way. The acceptor leaves that to the dialler, and asks
 * only when it has heard nothing for one and a half intervals, since plain yamux peers ping at a rate of their own. Either
 * gives up after 2.4 intervals without a byte, so that it has noticed within 2.5, late timers included. One whose own process stood
 * still asks, and gives the answer half an interval.
 */
final class KeepAlive {
    /** What to do now. */
    enum Verdict {
        WAIT,
        PING,
        DEAD
    }

    private final long intervalNanos;
    private final boolean dialler;
    private final DoubleSupplier random;
    private long pingAt;
    private long nextCheck;

    /** @param random uniform in [0, 1) */
    KeepAlive(long intervalNanos, boolean dialler, DoubleSupplier random, long nowNanos) {
        this.intervalNanos = intervalNanos;
        this.dialler = dialler;
        this.random = random;
        this.pingAt = nowNanos + (dialler ? varied() : intervalNanos * 3 / 2);
        this.nextCheck = Math.min(pingAt, nowNanos + patienceNanos());
    }

    /** How long silence is borne. */
    long patienceNanos() {
        return intervalNanos * 12 / 5;
    }

    Verdict check(long nowNanos, long lastReadNanos) {
        boolean late = nowNanos - nextCheck > intervalNanos / 2;
        Verdict verdict = verdict(nowNanos, lastReadNanos);
        if (verdict == Verdict.DEAD && late) {
            // it was we who slept: what the peer sent meanwhile is unread, and we have not asked
            nextCheck = nowNanos + intervalNanos / 2;
            return Verdict.PING;
        }
        nextCheck = Math.min(pingAt, lastReadNanos + patienceNanos());
        return verdict;
    }

    /** When {@link #check} should be asked again. */
    long nextCheckNanos() {
        return nextCheck;
    }

    private Verdict verdict(long nowNanos, long lastReadNanos) {
        if (nowNanos - lastReadNanos >= patienceNanos()) {
            return Verdict.DEAD;
        }
        if (!dialler && nowNanos - lastReadNanos < intervalNanos * 3 / 2) {
            pingAt = lastReadNanos + intervalNanos * 3 / 2;
            return Verdict.WAIT;
        }
        if (nowNanos - pingAt < 0) {
            return Verdict.WAIT;
        }
        pingAt = nowNanos + (dialler ? varied() : intervalNanos);
        return Verdict.PING;
    }

    private long varied() {
        return (long) (intervalNanos * (0.8 + 0.4 * random.getAsDouble()));
    }
}
