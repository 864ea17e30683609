package dev.culvert.node;

import dev.culvert.api.CulvertException;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.StreamResetException;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Where threads that block and the event loop of a stream meet. Guarded by its lock; what threads want done is gathered and carried out
 * by one task on the loop. Bytes are given back to the peer when a thread has read them.
 */
final class StreamPipe implements StreamHandler {
    /** Bytes written by threads that have not left yet; more block the writer. */
    private static final int MAX_QUEUED = 256 * 1024;

    private static final int MAX_CHUNK = 64 * 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition readable = lock.newCondition();
    private final Condition writable = lock.newCondition();
    private final Deque<ByteBuf> arrived = new ArrayDeque<>();
    private final Deque<ByteBuf> toWrite = new ArrayDeque<>();
    private final Traffic traffic;
    private final boolean caller;
    private @Nullable Opener opener;
    private @Nullable MuxStream stream;
    private @Nullable EventExecutor loop;
    private @Nullable CulvertException failure;
    private long readTimeoutNanos;
    private int queued;
    private int used;
    private int foreign;
    private int resetCode = -1;
    private boolean posted;
    private boolean inputFinished;
    private boolean outputFinished;
    private boolean finishSent;
    private boolean inputClosed;
    private boolean stopSent;
    private boolean peerStopped;
    private boolean over;
    private boolean counted;

    /**
     * @param caller this is the dialling end
     * @param opener opens the stream with the first bytes, for a dial that does not wait; null: it is open
     */
    StreamPipe(Traffic traffic, boolean caller, @Nullable Opener opener) {
        this.traffic = traffic;
        this.caller = caller;
        this.opener = opener;
    }

    /** Opens the stream when its first bytes are known. Any thread. */
    interface Opener {
        void open(ByteBuf first);
    }

    /** The stream is open. On its loop; then {@link Head#take} installs this. */
    void attach(MuxStream opened) {
        lock.lock();
        try {
            stream = opened;
            loop = opened.session().loop();
            foreign = opened.queued();
            traffic.open();
            counted = true;
            if (over) {
                ended();
            }
        } finally {
            lock.unlock();
        }
        turn();
    }

    /** The stream will never be open. Any thread. */
    void fail(CulvertException cause) {
        lock.lock();
        try {
            end(cause);
        } finally {
            lock.unlock();
        }
    }

    /** Whether it was given up before it was open. */
    boolean isAbandoned() {
        lock.lock();
        try {
            return resetCode >= 0 || over;
        } finally {
            lock.unlock();
        }
    }

    int read(byte[] bytes, int offset, int length) throws IOException {
        lock.lock();
        try {
            openNow();
            awaitReadable();
            if (arrived.isEmpty()) {
                return endOfInput();
            }
            int done = 0;
            while (done < length && !arrived.isEmpty()) {
                ByteBuf first = arrived.element();
                int part = Math.min(length - done, first.readableBytes());
                first.readBytes(bytes, offset + done, part);
                done += part;
                if (!first.isReadable()) {
                    arrived.remove().release();
                }
            }
            used += done;
            post();
            return done;
        } finally {
            lock.unlock();
        }
    }

    private int endOfInput() throws IOException {
        if (inputClosed) {
            throw new IOException("the stream's input is closed");
        }
        if (inputFinished) {
            return -1;
        }
        throw failed();
    }

    private void awaitReadable() throws IOException {
        long left = readTimeoutNanos;
        while (arrived.isEmpty() && !inputFinished && !inputClosed && failure == null) {
            Loopless.check(loop);
            try {
                if (readTimeoutNanos == 0) {
                    readable.await();
                } else if (left <= 0) {
                    throw new SocketTimeoutException("no byte came for "
                            + Duration.ofNanos(readTimeoutNanos).toMillis() + " ms (the stream's read timeout)");
                } else {
                    left = readable.awaitNanos(left);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while reading");
            }
        }
    }

    int available() throws IOException {
        lock.lock();
        try {
            if (inputClosed) {
                throw new IOException("the stream's input is closed");
            }
            return arrived.stream().mapToInt(ByteBuf::readableBytes).sum();
        } finally {
            lock.unlock();
        }
    }

    void write(byte[] bytes, int offset, int length) throws IOException {
        int done = 0;
        while (done < length) {
            lock.lock();
            try {
                awaitWritable();
                int part = Math.min(Math.min(length - done, MAX_CHUNK), MAX_QUEUED - queued);
                ByteBuf chunk = Unpooled.buffer(part);
                toWrite.add(chunk.writeBytes(bytes, offset + done, part));
                queued += part;
                done += part;
                openNow();
                post();
            } finally {
                lock.unlock();
            }
        }
    }

    private void awaitWritable() throws IOException {
        while (true) {
            if (failure != null) {
                throw failed();
            }
            if (outputFinished) {
                throw new IOException("the stream's output is finished");
            }
            if (peerStopped) {
                throw new StreamResetException(ErrorCode.CANCELLED.number(), "the other end reads no more");
            }
            if (queued < MAX_QUEUED) {
                return;
            }
            Loopless.check(loop);
            try {
                writable.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while writing");
            }
        }
    }

    /** A fresh exception with the stack of who asks, since several threads may. */
    private IOException failed() {
        if (failure instanceof StreamResetException reset) {
            return new StreamResetException(reset.number(), "the stream was reset");
        }
        return failure == null ? new IOException("the stream is closed") : failure;
    }

    void finish() {
        lock.lock();
        try {
            outputFinished = true;
            writable.signalAll();
            openNow();
            post();
        } finally {
            lock.unlock();
        }
    }

    void stopReading() {
        lock.lock();
        try {
            inputClosed = true;
            dropArrived();
            readable.signalAll();
            post();
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

    void reset(int code) {
        lock.lock();
        try {
            if (!over && resetCode < 0) {
                resetCode = code;
                failure = new StreamResetException(code, "the stream was reset by this end");
                dropArrived();
                readable.signalAll();
                writable.signalAll();
                post();
            }
        } finally {
            lock.unlock();
        }
    }

    void readTimeout(Duration timeout) {
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("read timeout: " + timeout + " (expected: zero or more)");
        }
        lock.lock();
        try {
            readTimeoutNanos = timeout.toNanos();
        } finally {
            lock.unlock();
        }
    }

    /** Opens a stream whose dial waited for its first bytes. */
    private void openNow() {
        Opener waiting = opener;
        if (waiting != null) {
            opener = null;
            ByteBuf first = toWrite.isEmpty() ? Unpooled.EMPTY_BUFFER : toWrite.element();
            boolean fits = first.readableBytes() <= Dial.MAX_KEPT;
            if (fits && !toWrite.isEmpty()) {
                toWrite.remove();
                queued -= first.readableBytes();
            }
            waiting.open(fits ? first : Unpooled.EMPTY_BUFFER);
        }
    }

    private void post() {
        EventExecutor executor = loop;
        if (!posted && executor != null && !over) {
            posted = true;
            try {
                executor.execute(this::turn);
            } catch (RejectedExecutionException e) { // the node is closed
                dropArrived();
                end(new StreamResetException(ErrorCode.LINK_LOST.number(), "the node was closed"));
            }
        }
    }

    /** On the loop: does what threads have asked for. */
    private void turn() {
        lock.lock();
        try {
            posted = false;
            MuxStream opened = stream;
            if (opened != null && !over) {
                carryOut(opened);
            }
        } finally {
            lock.unlock();
        }
    }

    private void carryOut(MuxStream opened) {
        if (resetCode >= 0) {
            end(new StreamResetException(resetCode, "the stream was reset by this end"));
            opened.reset(resetCode);
            return;
        }
        if (used > 0) {
            int bytes = used;
            used = 0;
            opened.consumed(bytes);
        }
        for (ByteBuf data = toWrite.poll(); data != null; data = toWrite.poll()) {
            count(data.readableBytes(), caller);
            opened.write(data);
        }
        if (outputFinished && !finishSent) {
            finishSent = true;
            opened.finish();
        }
        if (inputClosed && !stopSent) {
            stopSent = true;
            if (!inputFinished) {
                opened.stop(ErrorCode.CANCELLED.number());
            }
        }
    }

    private void count(int bytes, boolean in) {
        if (in) {
            traffic.in(bytes);
        } else {
            traffic.out(bytes);
        }
    }

    @Override
    public void onData(MuxStream from, ByteBuf data) {
        lock.lock();
        try {
            int bytes = data.readableBytes();
            count(bytes, !caller);
            if (inputClosed || over || resetCode >= 0) {
                data.release();
                used += bytes;
            } else {
                arrived.add(data);
                readable.signal();
            }
            if (used > 0 && !over) {
                int back = used;
                used = 0;
                from.consumed(back);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onFinish(MuxStream from) {
        lock.lock();
        try {
            inputFinished = true;
            readable.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onStop(MuxStream from, int code) {
        lock.lock();
        try {
            peerStopped = true;
            writable.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onWritten(MuxStream from, int bytes) {
        lock.lock();
        try {
            int others = Math.min(foreign, bytes);
            foreign -= others;
            queued = Math.max(0, queued - (bytes - others));
            writable.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onReset(MuxStream from, int code) {
        lock.lock();
        try {
            dropArrived();
            inputFinished = false;
            end(new StreamResetException(code, "the stream was reset"));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onClosed(MuxStream from) {
        lock.lock();
        try {
            over = true;
            ended();
        } finally {
            lock.unlock();
        }
    }

    private void end(CulvertException cause) {
        over = true;
        if (failure == null) {
            failure = cause;
        }
        toWrite.forEach(ByteBuf::release);
        toWrite.clear();
        readable.signalAll();
        writable.signalAll();
        ended();
    }

    private void ended() {
        if (counted) {
            counted = false;
            traffic.end();
        }
    }

    private void dropArrived() {
        for (ByteBuf data : arrived) {
            used += data.readableBytes();
            data.release();
        }
        arrived.clear();
    }
}
