package dev.culvert.node;

import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What the two sides of a pipe share. Guarded by {@link #lock}, which is held for moments only. */
final class PipeState {
    final ReentrantLock lock = new ReentrantLock();
    final Condition readable = lock.newCondition();
    final Condition writable = lock.newCondition();
    final PipeIntake intake = new PipeIntake();
    final PipeOutlet outlet = new PipeOutlet();
    final PipeEnd end;

    /** A code that threads want the stream to be reset with; below 0: none. */
    int resetCode = -1;

    /** @param hooks runs what hangs on the end of the stream */
    PipeState(Executor hooks) {
        this.end = new PipeEnd(hooks);
    }

    /** Whether a thread that reads need not wait. */
    boolean isReadable() {
        return intake.isReady() || end.isFailed();
    }

    /** Whether a thread waits for something to read. */
    boolean hasReader() {
        return lock.hasWaiters(readable);
    }

    /** Whether a thread that writes need not wait. */
    boolean isWritable() {
        return outlet.isReady() || end.isFailed();
    }

    /** Whether a thread that has had to wait with its write goes on. */
    boolean isRoomy() {
        return outlet.isRoomy() || end.isFailed();
    }

    /** Nothing is sent any more; what has come and is whole may still be read. */
    void end() {
        outlet.drop();
        wake();
        end.over();
    }

    /** All threads that wait look again. */
    void wake() {
        readable.signalAll();
        writable.signalAll();
    }
}
