package dev.culvert.cli;

import dev.culvert.api.ErrorCode;
import dev.culvert.node.NodeListener;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** What the demo waits for at its agent. Any thread. */
final class DemoEvents implements NodeListener {
    private final Semaphore ready = new Semaphore(0);
    private final Semaphore lost = new Semaphore(0);
    private final AtomicReference<String> refused = new AtomicReference<>("");

    @Override
    public void onReady() {
        ready.release();
    }

    @Override
    public void onLinkRetry(String relay, ErrorCode code, String reason, long delayNanos) {
        lost.release();
    }

    @Override
    public void onLinkRefused(String relay, ErrorCode code, String reason) {
        refused.set(" (relay " + relay + " refused: " + code + ": " + reason + ")");
    }

    @Override
    public void onServiceRefused(String relay, String service, ErrorCode code, String text) {
        refused.set(" (service " + service + " refused: " + code + ": " + text + ")");
    }

    /** Nothing that happened until now counts. */
    void forget() {
        ready.drainPermits();
        lost.drainPermits();
    }

    void awaitReady(Duration patience) throws Failure {
        await(ready, patience, "the agent to be ready");
    }

    void awaitLoss(Duration patience) throws Failure {
        await(lost, patience, "the agent to notice the loss");
    }

    private void await(Semaphore event, Duration patience, String what) throws Failure {
        try {
            if (event.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new Failure(
                ExitCode.INTERNAL,
                "demo: expected " + what + " within " + Units.time(patience) + refused.get()
                        + "; run again with -vv and report what it prints");
    }
}
