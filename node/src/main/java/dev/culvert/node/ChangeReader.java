package dev.culvert.node;

import dev.culvert.api.Change;
import dev.culvert.api.Changes;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One who reads the changes of a {@link LiveView}: keys of which there may be news, and what he was told last. Any thread; one reads. */
final class ChangeReader<K, V> implements Changes<K, V> {
    private static final Duration FOR_EVER = Duration.ofNanos(Long.MAX_VALUE);

    private final LiveView<K, V> view;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final Set<K> due = new LinkedHashSet<>();
    private final Map<K, V> told = new HashMap<>();
    private @Nullable Change<K, V> next;
    private boolean closed;

    ChangeReader(LiveView<K, V> view) {
        this.view = view;
    }

    /** An entry is perhaps not as it was. Does not block. */
    void note(K key) {
        lock.lock();
        try {
            if (!closed && due.add(key)) {
                news.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean hasNext() {
        try {
            return await(FOR_EVER) != null;
        } catch (InterruptedIOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Change<K, V> next() {
        try {
            Change<K, V> change = poll(FOR_EVER);
            if (change == null) {
                throw new NoSuchElementException("closed");
            }
            return change;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public @Nullable Change<K, V> poll(Duration timeout) throws IOException {
        lock.lock();
        try {
            Change<K, V> change = await(timeout);
            next = null;
            return change;
        } finally {
            lock.unlock();
        }
    }

    /** The next change, which stays the next one. */
    private @Nullable Change<K, V> await(Duration timeout) throws InterruptedIOException {
        view.requireThreadThatMayWait();
        lock.lock();
        try {
            long left = nanos(timeout);
            while (next == null && !closed) {
                next = take();
                if (next == null) {
                    if (left <= 0) {
                        return null;
                    }
                    left = news.awaitNanos(left);
                }
            }
            return closed ? null : next;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for a change");
        } finally {
            lock.unlock();
        }
    }

    private static long nanos(Duration timeout) {
        try {
            return timeout.toNanos();
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }

    /** A key is taken before the look, so that a change after it is noted again. */
    private @Nullable Change<K, V> take() {
        while (!due.isEmpty()) {
            K key = due.iterator().next();
            due.remove(key);
            V now = view.get(key);
            V before = now == null ? told.remove(key) : told.put(key, now);
            if (!Objects.equals(before, now)) {
                return new Change<>(key, before, now);
            }
        }
        return null;
    }

    @Override
    public void close() {
        view.remove(this);
        lock.lock();
        try {
            closed = true;
            due.clear();
            told.clear();
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
