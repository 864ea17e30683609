package dev.culvert.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The end of a long-running command: Ctrl+C asks for it once, a second one forces it, and a failure brings it. Any thread.
 */
final class Stopping {
    private final CountDownLatch asked = new CountDownLatch(1);
    private final AtomicBoolean interrupted = new AtomicBoolean();
    private final AtomicReference<@Nullable Failure> failure = new AtomicReference<>();

    Stopping(Interrupts interrupts) {
        interrupts.onInterrupt(() -> {
            if (interrupted.getAndSet(true)) {
                interrupts.halt(ExitCode.INTERRUPTED.number());
            }
            asked.countDown();
        });
    }

    void fail(Failure reason) {
        failure.compareAndSet(null, reason);
        asked.countDown();
    }

    /**
     * Waits until the end is asked for.
     *
     * @throws Failure if a failure asked for it
     */
    void await() throws Failure {
        try {
            asked.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Failure reason = failure.get();
        if (reason != null) {
            throw reason;
        }
    }

    /** Ends the node's work as far as it ends within the grace, and says so. */
    static void drain(RunningNode running, Duration grace, Screen screen) {
        long open = running.status().traffic().open();
        screen.settle();
        if (open > 0) {
            screen.say(Event.of(
                            "draining",
                            " Draining " + open + (open == 1 ? " stream" : " streams") + ", at most "
                                    + Units.time(grace) + "; Ctrl+C again ends at once")
                    .with("open", open)
                    .with("graceMillis", grace.toMillis()));
        }
        int reset = running.node().drain(grace);
        running.close();
        screen.say(Event.of(
                        "stopped",
                        reset > 0 ? " Stopped; " + reset + " streams were still open and were reset" : " Stopped")
                .with("reset", reset));
    }
}
