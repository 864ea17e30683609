package dev.culvert.cli;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** One thread that speaks to the screen, so that no event loop waits for a slow terminal. Any thread; closed by its owner. */
final class EventThread implements Executor, AutoCloseable {
    private static final int MAX_WAITING = 10_000;
    private static final long LAST_WORDS_MILLIS = 1_000;

    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, EventThread::daemon);

    EventThread() {
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(true);
        thread.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "culvert-events");
        thread.setDaemon(true);
        return thread;
    }

    /** Runs it soon; forgets it if nobody has read the screen for very long, or after the end. */
    @Override
    public void execute(Runnable work) {
        if (thread.getQueue().size() < MAX_WAITING) {
            try {
                thread.execute(work);
            } catch (RejectedExecutionException e) {
                return; // closed: the command has said its last word
            }
        }
    }

    void everySecond(Runnable work) {
        thread.scheduleWithFixedDelay(work, 0, 1, TimeUnit.SECONDS);
    }

    /** Says what still waits, for a second at most. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            thread.awaitTermination(LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
