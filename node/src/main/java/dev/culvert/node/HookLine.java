package dev.culvert.node;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hooks of one session or one link: run one after the other in the order in which they were added, on threads that may block, never on
 * the caller's. Any thread. What one throws is told, and the next one runs.
 */
final class HookLine {
    /** Hooks that may wait behind a slow one; those beyond are dropped, since a link may fail for ever. */
    static final int MAX_WAITING = 256;

    private static final Logger LOG = LoggerFactory.getLogger(HookLine.class);

    private final Executor threads;
    private final Executor later;
    private final Consumer<Throwable> failures;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private boolean running;

    /**
     * @param threads where hooks run; may reject
     * @param later tries again after a rejection
     * @param failures is told what a hook threw, on the hook's thread
     */
    HookLine(Executor threads, Executor later, Consumer<Throwable> failures) {
        this.threads = threads;
        this.later = later;
        this.failures = failures;
    }

    /** Runs {@code hook} after all that were added before. */
    void add(Runnable hook) {
        lock.lock();
        try {
            if (waiting.size() == MAX_WAITING) {
                LOG.warn("{} hooks wait behind a slow one: one more is dropped", MAX_WAITING);
                return;
            }
            waiting.add(hook);
            if (running) {
                return;
            }
            running = true;
        } finally {
            lock.unlock();
        }
        begin();
    }

    private void begin() {
        try {
            threads.execute(this::run);
        } catch (RejectedExecutionException e) {
            later.execute(this::begin);
        }
    }

    private void run() {
        for (Runnable hook = next(); hook != null; hook = next()) {
            try {
                hook.run();
            } catch (RuntimeException | Error e) {
                failures.accept(e);
            }
        }
    }

    private @Nullable Runnable next() {
        lock.lock();
        try {
            Runnable hook = waiting.poll();
            running = hook != null;
            return hook;
        } finally {
            lock.unlock();
        }
    }
}
