package dev.culvert.cli;

import java.time.Duration;

/**
 * When an app that is checked is published, withdrawn or given up. Owned by one thread. Pure.
 *
 * <pre>
 * starting    healthy: publish       unhealthy for longer than the wait: give up
 * published   unhealthy: withdraw
 * withdrawn   healthy: publish
 * </pre>
 */
final class HealthCourse {
    private final Duration retry;
    private final Duration recheck;
    private final long untilNanos;
    private boolean everHealthy;
    private boolean published;

    /**
     * @param retry between checks while it is unhealthy
     * @param recheck between checks while it is healthy
     * @param wait how long it may take to become healthy for the first time
     */
    HealthCourse(Duration retry, Duration recheck, Duration wait, long nowNanos) {
        this.retry = retry;
        this.recheck = recheck;
        this.untilNanos = nowNanos + wait.toNanos();
    }

    /** What follows from a check. */
    enum Step {
        PUBLISH,
        WITHDRAW,
        STAY,
        GIVE_UP
    }

    Step on(boolean healthy, long nowNanos) {
        boolean before = published;
        published = healthy;
        everHealthy |= healthy;
        if (healthy != before) {
            return healthy ? Step.PUBLISH : Step.WITHDRAW;
        }
        return !everHealthy && nowNanos - untilNanos >= 0 ? Step.GIVE_UP : Step.STAY;
    }

    /** What was to be published is not: the next healthy check tries again. */
    void notPublished() {
        published = false;
    }

    /** Until the next check. */
    Duration pause() {
        return published ? recheck : retry;
    }
}
