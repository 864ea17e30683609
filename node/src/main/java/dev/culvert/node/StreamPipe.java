package dev.culvert.node;

import dev.culvert.api.CulvertException;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.StreamClosedException;
import dev.culvert.api.StreamResetException;
import dev.culvert.mux.MuxStream;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Where threads that block meet the event loop of a stream; this is the threads' side, {@link PipeLoop} the loop's. Guarded by the lock
 * of their state. Bytes are given back to the peer when a thread has read them.
 */
final class StreamPipe {
    private final PipeState state;
    private final ReentrantLock lock;
    private final PipeIntake intake;
    private final PipeOutlet outlet;
    private final PipeEnd end;
    private final Pipes pipes;
    private final PipeLoop loop;
    private final Patience reading;
    private final Patience writing;
    private @Nullable Opener opener;

    /**
     * @param caller this is the dialling end
     * @param opener opens the stream with the first bytes, for a dial that does not wait; null: it is open, or being opened
     */
    StreamPipe(Pipes pipes, boolean caller, @Nullable Opener opener) {
        this.pipes = pipes;
        this.opener = opener;
        this.state = new PipeState(pipes.hooks());
        this.lock = state.lock;
        this.intake = state.intake;
        this.outlet = state.outlet;
        this.end = state.end;
        this.loop = new PipeLoop(state, pipes.traffic(), caller);
        this.reading = new Patience(pipes.ticker(), state.readable, "no byte came");
        this.writing = new Patience(pipes.ticker(), state.writable, "the other end took nothing of what was written");
    }

    /** Opens the stream when its first bytes are known. Any thread. */
    interface Opener {
        void open(ByteBuf first);
    }

    /** What hears the stream, once it is open. */
    PipeLoop handler() {
        return loop;
    }

    /** The stream is open. On its loop; {@link #handler} has been installed. */
    void attach(MuxStream opened) {
        loop.attach(opened);
    }

    /** The stream will never be open. Any thread. */
    void fail(CulvertException cause) {
        lock.lock();
        try {
            end.fail(cause);
            state.end();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for one byte at least; -1: the end. */
    int read(ByteBuffer target) throws IOException {
        lock.lock();
        try {
            if (!awaitInput()) {
                return -1;
            }
            int bytes = intake.take(target);
            loop.post();
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a piece and hands it out as it came; {@link #used} follows. Null: the end. */
    @Nullable
    ByteBuf read() throws IOException {
        lock.lock();
        try {
            return awaitInput() ? intake.take() : null;
        } finally {
            lock.unlock();
        }
    }

    /** Bytes that {@link #read()} has handed out have been used. */
    void used(int bytes) {
        lock.lock();
        try {
            intake.used(bytes);
            loop.post();
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether there are bytes; else it is the end. */
    private boolean awaitInput() throws IOException {
        openNow();
        if (!state.isReadable()) {
            Loopless.check(loop.loop());
            reading.await(state::isReadable);
        }
        if (intake.isClosed()) {
            throw inputClosed();
        }
        if (intake.isEmpty() && !intake.isFinished()) {
            throw end.failure();
        }
        return !intake.isEmpty();
    }

    int available() throws IOException {
        lock.lock();
        try {
            if (intake.isClosed()) {
                throw inputClosed();
            }
            return intake.available();
        } finally {
            lock.unlock();
        }
    }

    private static StreamClosedException inputClosed() {
        return new StreamClosedException("the stream's input was closed by this end");
    }

    /** Waits for room; takes the reference. */
    void write(ByteBuf data) throws IOException {
        boolean taken = false;
        lock.lock();
        try {
            awaitOutput();
            outlet.add(data);
            taken = true;
            openNow();
            loop.post();
        } finally {
            lock.unlock();
            if (!taken) {
                data.release();
            }
        }
    }

    private void awaitOutput() throws IOException {
        if (!state.isWritable()) {
            Loopless.check(loop.loop());
            writing.await(state::isRoomy);
        }
        if (end.isFailed()) {
            throw end.failure();
        }
        if (outlet.isFinished()) {
            throw new StreamClosedException("the stream's output was finished by this end");
        }
        if (outlet.isStopped() || end.isOver()) {
            throw new StreamResetException(ErrorCode.CANCELLED.number(), "the other end reads no more");
        }
    }

    void finish() {
        lock.lock();
        try {
            outlet.finish();
            state.writable.signalAll();
            openNow();
            loop.post();
        } finally {
            lock.unlock();
        }
    }

    void stopReading() {
        lock.lock();
        try {
            intake.close();
            state.readable.signalAll();
            loop.post();
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            finish();
            stopReading();
        } finally {
            lock.unlock();
        }
    }

    /** Whether this end has neither closed nor reset it. */
    boolean isOpen() {
        lock.lock();
        try {
            return state.resetCode < 0 && !(intake.isClosed() && outlet.isFinished());
        } finally {
            lock.unlock();
        }
    }

    void reset(int code) {
        lock.lock();
        try {
            if (end.isOver() || state.resetCode >= 0) {
                return;
            }
            state.resetCode = code;
            end.reset(code, "the stream was reset by this end");
            intake.tear();
            state.wake();
            if (opener != null) {
                opener = null;
                state.end();
            }
            loop.post();
        } finally {
            lock.unlock();
        }
    }

    void readTimeout(Duration timeout) {
        lock.lock();
        try {
            reading.timeout(timeout);
        } finally {
            lock.unlock();
        }
    }

    void writeTimeout(Duration timeout) {
        lock.lock();
        try {
            writing.timeout(timeout);
        } finally {
            lock.unlock();
        }
    }

    void deadline(@Nullable Instant deadline) {
        long nanos = deadline == null ? Patience.NEVER : pipes.ticksAt(deadline);
        lock.lock();
        try {
            reading.deadline(nanos);
            writing.deadline(nanos);
        } finally {
            lock.unlock();
        }
    }

    CompletionStage<Void> ended() {
        lock.lock();
        try {
            return end.stage();
        } finally {
            lock.unlock();
        }
    }

    /** Opens a stream whose dial waited for its first bytes. */
    private void openNow() {
        Opener waiting = opener;
        if (waiting != null) {
            opener = null;
            waiting.open(outlet.first(Dial.MAX_KEPT));
        }
    }
}
