package dev.culvert.bench;

import io.netty.util.concurrent.Ticker;

/** The span of time that is measured, after a warm-up that is not. <em>Immutable.</em> */
final class Meter {
    private static final Ticker TICKER = Ticker.systemTicker();

    private final long startNanos;
    private final long endNanos;

    private Meter(long startNanos, long endNanos) {
        this.startNanos = startNanos;
        this.endNanos = endNanos;
    }

    /** Starts now. */
    static Meter start(PeerOptions options) {
        long startNanos = now() + options.nanos("warm", 1);
        return new Meter(startNanos, startNanos + options.nanos("secs", 5));
    }

    static long now() {
        return TICKER.nanoTime();
    }

    /**
     * 1 in the span that is measured, else 0, so that both are counted in the same way and only the place differs. Without a branch:
     * one that is taken first when the measurement begins would have everything around it compiled again, just then.
     */
    int counts(long nowNanos) {
        long begun = nowNanos - startNanos >>> 63 ^ 1;
        long notOver = nowNanos - endNanos >>> 63;
        return (int) (begun & notOver);
    }

    boolean over(long nowNanos) {
        return nowNanos - endNanos >= 0;
    }

    double perSecond(long amount) {
        return amount * 1e9 / (double) (endNanos - startNanos);
    }
}
