package dev.culvert.bench;

import java.util.concurrent.CompletableFuture;

/** Completes a future when it has been run as often as was said. Owned by one event loop. */
final class Countdown implements Runnable {
    private final CompletableFuture<Void> done;
    private int left;

    Countdown(int left, CompletableFuture<Void> done) {
        this.left = left;
        this.done = done;
    }

    @Override
    public void run() {
        left--;
        if (left == 0) {
            done.complete(null);
        }
    }
}
