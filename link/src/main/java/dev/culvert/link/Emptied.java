package dev.culvert.link;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;

/** Counts what is there and says when nothing is. Any thread. */
final class Emptied {
    private final ReentrantLock lock = new ReentrantLock();
    private int count;
    private CompletableFuture<Void> empty = CompletableFuture.completedFuture(null);

    void onAdded() {
        lock.lock();
        try {
            count++;
            if (empty.isDone()) {
                empty = new CompletableFuture<>();
            }
        } finally {
            lock.unlock();
        }
    }

    void onRemoved() {
        CompletableFuture<Void> done;
        lock.lock();
        try {
            count--;
            if (count > 0) {
                return;
            }
            done = empty;
        } finally {
            lock.unlock();
        }
        done.complete(null);
    }

    /** Completes when nothing is there, at once if that is so now. */
    CompletionStage<Void> whenEmpty() {
        lock.lock();
        try {
            return empty.minimalCompletionStage();
        } finally {
            lock.unlock();
        }
    }
}
