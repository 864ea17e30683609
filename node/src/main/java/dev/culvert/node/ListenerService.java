package dev.culvert.node;

import dev.culvert.api.ErrorCode;
import dev.culvert.api.Stream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A service whose callers wait in a line until a thread takes them. Guarded by its lock. */
final class ListenerService implements LocalService {
    private final Switchboard board;
    private final int backlog;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Stream> waiting = new ArrayDeque<>();
    private boolean closed;

    ListenerService(Switchboard board, int backlog) {
        this.board = board;
        this.backlog = backlog;
    }

    @Override
    public String target() {
        return "listener";
    }

    @Override
    public void open(Incoming incoming) {
        StreamPipe pipe = board.pipes().accepting();
        if (!enter(Accepted.stream(incoming, pipe))) {
            incoming.refuse(board.refused(ErrorCode.BUSY, backlog + " callers wait already"));
            return;
        }
        Accepted.attach(incoming, pipe);
    }

    private boolean enter(Stream stream) {
        lock.lock();
        try {
            if (closed || waiting.size() >= backlog) {
                return false;
            }
            waiting.add(stream);
            changed.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The next caller; {@link Duration#ZERO}: waits for ever; null: none came in time. */
    @Nullable
    Stream accept(Duration timeout) throws IOException {
        lock.lock();
        try {
            long left = timeout.toNanos();
            while (waiting.isEmpty()) {
                if (closed) {
                    throw new IOException("the listener is closed");
                }
                if (timeout.isZero()) {
                    changed.await();
                } else if (left <= 0) {
                    return null;
                } else {
                    left = changed.awaitNanos(left);
                }
            }
            return waiting.remove();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for a caller");
        } finally {
            lock.unlock();
        }
    }

    /** Callers that nobody took are reset. */
    void close() {
        lock.lock();
        try {
            closed = true;
            waiting.forEach(stream -> stream.reset(ErrorCode.DRAINING.number()));
            waiting.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
